// Makes one tree look like another and leaves alone what is the same: focus, selections and open lists survive.

const key = (node) => (node.nodeType === Node.ELEMENT_NODE && node.id ? node.id : null);

export function morph(from, to) {
  attributes(from, to);
  const keyed = new Map();
  for (const child of from.childNodes) if (key(child)) keyed.set(key(child), child);
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const id = key(wanted);
    let match = id ? keyed.get(id) : at;
    if (match && !id && !same(match, wanted)) match = null;
    if (match) {
      if (id) at = without(at, match);
      if (match !== at) from.insertBefore(match, at);
      else at = at.nextSibling;
      become(match, wanted);
    } else {
      from.insertBefore(document.importNode(wanted, true), at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// What moves loses its focus: rather than move it up, what has no name and stands before it goes.
function without(at, match) {
  while (at && at !== match && !key(at) && at.compareDocumentPosition(match) & Node.DOCUMENT_POSITION_FOLLOWING) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
  return at;
}

function same(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && !key(one);
}

function become(one, wanted) {
  if (one.nodeType !== Node.ELEMENT_NODE) {
    if (one.nodeValue !== wanted.nodeValue) {
      one.nodeValue = wanted.nodeValue;
      flash(one.parentElement);
    }
  } else if (one !== document.activeElement || !one.matches("input, select, textarea")) {
    if (!one.isEqualNode(wanted)) morph(one, wanted);
  }
}

function attributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name); // who opened a list wants it open
  }
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
}

function flash(element) {
  const figure = element?.closest("[data-figure]");
  if (!figure) return;
  figure.classList.remove("fresh");
  void figure.offsetWidth; // so that the animation begins anew
  figure.classList.add("fresh");
}
