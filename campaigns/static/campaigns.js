// Small comforts. Every page works without them.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// The same page again, already parsed; null where it cannot be had.
const again = () =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.onloadend = () => done(request.status === 200 ? request.response : null);
    request.send();
  });

// Every `seconds` while the page can be seen; one question at a time.
const whileSeen = (seconds, ask) => {
  let waiting = false;
  setInterval(async () => {
    if (document.hidden || waiting) return;
    waiting = true;
    await ask();
    waiting = false;
  }, seconds * 1000);
};

// Figures: the server has put them into words, so its words are taken over, one by one.
const takeOver = (old, fresh) => {
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.textContent === fresh.textContent || old.querySelector("[data-figure]")) return;
  old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
};

const figures = all("[data-figures]")[0];
if (figures && !location.pathname.endsWith("/give")) {
  whileSeen(10, async () => {
    const page = await again();
    if (!page) return;
    const old = all("[data-figure]", figures);
    const fresh = all("[data-figures] [data-figure]", page);
    if (old.length === fresh.length) old.forEach((part, place) => takeOver(part, fresh[place]));
    else figures.replaceChildren(...document.importNode(all("[data-figures]", page)[0], true).childNodes);
  });
}

// A gift's page: shown anew once there is news.
for (const watched of all("[data-watch]")) {
  whileSeen(Number(watched.dataset.watch), async () => {
    const page = await again();
    const title = page && page.querySelector("h1");
    if (title && title.textContent !== document.querySelector("h1").textContent) location.reload();
  });
}

for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = words), 3000);
  });
}

// A second click on the pay button does nothing; coming back by "Back" makes the button work again.
for (const form of all("[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => (sent = false));
}

// Leave quickly: without an entry in the history for the page that is left.
for (const link of all("[data-exit]")) {
  const leave = (event) => {
    event.preventDefault();
    location.replace(link.href);
  };
  link.addEventListener("click", leave);
  let presses = [];
  addEventListener("keydown", (event) => {
    presses = event.key === "Escape" ? [...presses.slice(-2), event.timeStamp] : [];
    if (presses.length === 3 && presses[2] - presses[0] < 3000) leave(event);
  });
}
