// The pages work without this file. It opens texts without loading the whole page, and listens to keys.
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

let place = location.pathname + location.search;
let latest = ""; // The text asked for last; a slower answer to an earlier question is dropped.

function reveal(within) {
  for (const element of all("[data-with-script], [data-print], [data-copy], [data-help]", within)) element.hidden = false;
  for (const element of all("[data-without-script]", within)) element.hidden = true;
}

async function fragment(href, pane) {
  const address = new URL(href, location.href);
  address.searchParams.set("pane", pane);
  address.hash = "";
  const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

function show(serial) {
  for (const hit of all("a.hit")) {
    if (hit.dataset.hit === serial) hit.setAttribute("aria-current", "true");
    else hit.removeAttribute("aria-current");
  }
  one(".panes").classList.toggle("has-choice", Boolean(serial));
  one(".text[aria-current]")?.scrollIntoView({ block: "center" });
  one("#opened").textContent = one("#talk-title, #detail h2")?.textContent.trim() ?? "";
}

async function openText(href, { remember }) {
  latest = href;
  const detail = one("#detail");
  detail.setAttribute("aria-busy", "true");
  try {
    const content = await fragment(href, "detail");
    if (latest !== href) return;
    reveal(content);
    detail.replaceChildren(content);
    if (remember) history.pushState({}, "", href);
    place = location.pathname + location.search;
    show(new URL(href, location.href).searchParams.get("serial"));
  } catch {
    if (remember) location.assign(href);
    else location.reload();
  } finally {
    detail.removeAttribute("aria-busy");
  }
}

async function more(link) {
  const place = link.closest("[data-more]");
  try {
    const content = await fragment(link.href, "results");
    const known = all("[data-day]").at(-1)?.dataset.day;
    const first = one("[data-day]", content);
    if (first && first.dataset.day === known) first.remove();
    const next = one("a.hit", content);
    place.replaceWith(content);
    next?.focus();
  } catch {
    location.assign(link.href);
  }
}

function step(by) {
  const hits = all("a.hit");
  const from = hits.indexOf(document.activeElement);
  const at = from >= 0 ? from : hits.findIndex((hit) => hit.hasAttribute("aria-current"));
  const to = hits[Math.min(Math.max(at + by, 0), hits.length - 1)];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

// What is being done is shown as it goes on; once it is through, the whole page says so.
async function follow(place) {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  try {
    const answer = document.hidden ? null : await fetch(location.href, { redirect: "error" });
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = one("[data-live]", fresh);
      if (!next) location.reload();
      else place.replaceChildren(...next.childNodes);
    }
  } catch {
    // It is asked for again: a server that is being restarted comes back.
  }
  follow(place);
}

const keys = {
  "/": () => {
    const line = one("#q");
    if (line) line.select();
    else location.assign("/search");
  },
  "?": () => one("#keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
};

function keysAreOn() {
  return localStorage.getItem("keys") !== "off";
}

function isTyping(target) {
  return target.closest("input, select, textarea, dialog") !== null;
}

function closeWhatIsOpen() {
  const open = one(".pop[open]");
  if (!open) return;
  open.open = false;
  one("summary", open).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeWhatIsOpen();
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", async (event) => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target.closest("a, button");
  if (!target) return;
  if (target.matches("#results a.hit, #results ~ #detail a[data-open]")) {
    event.preventDefault();
    await openText(target.href, { remember: true });
  } else if (target.matches("[data-more] a")) {
    event.preventDefault();
    await more(target);
  } else if (target.matches("[data-copy]")) {
    const source = document.getElementById(target.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    one("span", target).textContent = target.dataset.done;
  } else if (target.matches("[data-print]")) {
    window.print();
  } else if (target.matches("[data-help]")) {
    keys["?"]();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.id === "use-keys") localStorage.setItem("keys", event.target.checked ? "on" : "off");
});

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches(".pop[open]")) one("[data-focus]", target)?.focus();
  },
  true, // It does not bubble.
);

window.addEventListener("popstate", () => {
  const now = location.pathname + location.search;
  if (now === place || !one("#results")) return;
  openText(location.href, { remember: false });
});

// A preview comes into the page, so that the chosen file stays chosen.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-preview]") || event.submitter?.value !== "preview") return;
  event.preventDefault();
  const [place, busy] = [document.getElementById(form.dataset.preview), one("[data-busy]", form)];
  const words = busy.textContent;
  busy.textContent = busy.dataset.busy;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "error" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wrong = all(".field-error", fresh);
    const shown = wrong.length ? wrong : [...one(`#${place.id}`, fresh).children];
    if (!shown.length) throw new Error("no preview");
    reveal(fresh);
    place.replaceChildren(...shown);
    place.hidden = false;
    place.focus();
  } catch {
    delete form.dataset.preview; // As without this script: the whole page says what is wrong.
    form.requestSubmit(event.submitter);
  } finally {
    busy.textContent = words;
  }
});

reveal(document);
for (const place of all("[data-live]")) follow(place);
if (one("#use-keys")) one("#use-keys").checked = keysAreOn();
one(".text[aria-current]")?.scrollIntoView({ block: "center" });

// A signature that is drawn: each stroke is a part of one path, which the form sends. It stays inside of its box.
for (const board of all("[data-draw]")) {
  const [path, input] = [one("path", board), document.getElementById(board.dataset.draw)];
  const { width, height } = board.viewBox.baseVal;
  const MOST = 38000; // Letters of the path; the archive takes some more.
  const at = (event) => {
    const box = board.getBoundingClientRect();
    const inside = (part, whole) => Math.round(Math.min(Math.max(part, 0), 1) * whole);
    return `${inside((event.clientX - box.left) / box.width, width)} ${inside((event.clientY - box.top) / box.height, height)}`;
  };
  const add = (point) => {
    if (input.value.length + point.length > MOST) return;
    input.value += point;
    path.setAttribute("d", input.value);
  };
  board.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    add(`M${at(event)}`);
  });
  board.addEventListener("pointermove", (event) => {
    if (board.hasPointerCapture(event.pointerId)) add(`L${at(event)}`);
  });
  one(`[data-undraw="${input.id}"]`).addEventListener("click", () => {
    input.value = "";
    path.setAttribute("d", "");
  });
}
