// What an officer does with an alert, without leaving the page. Without this script the forms work all the same.

export function actions(content, look) {
  content.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    const where = event.submitter?.formAction || form.action;
    const body = new URLSearchParams(new FormData(form));
    form.querySelector(".failed")?.remove();
    for (const button of buttons) button.disabled = true;
    try {
      const answer = await fetch(where, {
        method: "POST",
        body,
        headers: { "X-Script": "1", "X-Fragment": "1" },
        redirect: "manual",
      });
      if (answer.status === 401) location.reload();
      else if (!answer.ok) tell(form, await sentence(answer));
    } catch {
      tell(form, document.getElementById("live").dataset.disconnected);
    }
    for (const button of buttons) button.disabled = false;
    look();
  });

  // Filters need no button.
  content.addEventListener("change", (event) => {
    const form = event.target.closest("form.seek");
    if (form && event.target.matches("select")) form.requestSubmit();
  });
}

async function sentence(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".said")?.textContent ?? String(answer.status);
}

// Kept beside the form's row for a while: the form itself is what comes from the server.
function tell(form, text) {
  const said = document.createElement("p");
  said.className = "failed toast";
  said.setAttribute("role", "alert");
  said.textContent = text;
  document.querySelector(".toast")?.remove();
  document.body.append(said);
  setTimeout(() => said.remove(), 15_000);
}
