// Keeps the page at what the log says: a word from the server, the content again, and the difference put in its place.

import { actions } from "./actions.js";
import { morph } from "./morph.js";

const SILENCE = 25_000; // the server speaks at least every 10 seconds
const LOOK_ANYWAY = 60_000; // days pass and sent actions grow old without a word
const REOPEN = 3_000;

const content = document.getElementById("content");
const sign = document.getElementById("live");

let source = null;
let heard = 0;
let looked = Date.now();
let looking = false;
let again = false;

function say(state) {
  if (sign.dataset.state === state) return;
  sign.dataset.state = state;
  sign.querySelector(".word").textContent = sign.dataset[state];
}

async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  again = false;
  const began = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "1" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload(); // the session is over
      return;
    }
    if (answer.status >= 500) throw new Error(String(answer.status));
    put(await answer.text());
    looked = Date.now();
    if (source?.readyState === EventSource.OPEN) say("live");
  } catch {
    say("disconnected");
  }
  // A slow server is asked less often.
  setTimeout(() => {
    looking = false;
    if (again) look();
  }, Math.min(performance.now() - began, 5_000));
}

function put(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const main = content.cloneNode(false);
  main.append(...fresh.body.childNodes);
  morph(content, main);
}

function listen() {
  source?.close();
  source = new EventSource("/live");
  heard = Date.now();
  const mine = source;
  const on = (name, act) =>
    mine.addEventListener(name, () => {
      heard = Date.now();
      if (mine === source) act();
    });
  on("changed", look);
  on("away", () => say("disconnected"));
  on("alive", () => {
    if (Date.now() - looked > LOOK_ANYWAY || sign.dataset.state !== "live") look();
  });
  mine.onerror = () => {
    if (mine !== source) return;
    say("disconnected");
    if (mine.readyState === EventSource.CLOSED) {
      setTimeout(() => {
        if (mine !== source || document.hidden) return;
        look(); // leads to the sign-in where the session is over
        listen();
      }, REOPEN);
    }
  };
}

setInterval(() => {
  if (source && Date.now() - heard > SILENCE) {
    say("disconnected");
    listen();
  }
}, 5_000);

addEventListener("offline", () => {
  source?.close(); // the stream would stay open and silent
  source = null;
  say("disconnected");
});
addEventListener("online", () => document.hidden || listen());

// A browser has few connections to one server: a page that nobody sees gives its own back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    source?.close();
    source = null;
  } else {
    listen();
  }
});
addEventListener("pagehide", () => source?.close());

actions(content, look);
if (!document.hidden) listen();
