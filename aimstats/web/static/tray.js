// Favourites, and the tray of models to compare: both are kept in this browser alone. Without scripts the boxes of the table are
// sent by the form that the tray is, and there are no stars.
"use strict";
(() => {
  const MOST = 10;
  let tray;
  let cameFrom = null;

  const read = (key) => {
    try {
      const found = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(found) ? found.filter((one) => Array.isArray(one) && one.length === 2) : [];
    } catch {
      return []; // storage is switched off, or holds something else: nothing is kept then
    }
  };
  const keep = (key, models) => {
    try {
      localStorage.setItem(key, JSON.stringify(models));
    } catch {
      return; // it lasts for this page then
    }
  };
  let chosen = read("tray").slice(0, MOST);
  let favourites = read("favourites");
  const has = (models, id) => models.some(([one]) => one === id);
  const toggled = (models, id, name) => (has(models, id) ? models.filter(([one]) => one !== id) : [...models, [id, name]]);

  const say = (text) => {
    const status = document.getElementById("status");
    if (status) status.textContent = text;
  };
  const made = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const named = (box) => box.closest("tr")?.querySelector(".name a")?.textContent.trim() || box.value;
  const boxes = () => document.querySelectorAll('input[name="models"][form="tray"]');

  const choose = (id, name) => {
    if (!has(chosen, id) && chosen.length >= MOST) {
      say(tray.dataset.full);
      return draw();
    }
    chosen = toggled(chosen, id, name);
    keep("tray", chosen);
    draw();
  };

  const chip = ([id, name]) => {
    const button = made("button", { type: "button", className: "bare" }, `${name} `, made("span", { ariaHidden: "true" }, "×"));
    button.setAttribute("aria-label", `${tray.dataset.drop} ${name}`);
    button.addEventListener("click", () => {
      choose(id, name);
      (tray.querySelector("li button") ?? cameFrom)?.focus();
    });
    return made("li", {}, button);
  };

  const draw = () => {
    for (const box of boxes()) {
      box.checked = has(chosen, box.value);
      box.disabled = !box.checked && chosen.length >= MOST;
    }
    tray.hidden = !chosen.length;
    document.documentElement.classList.toggle("has-tray", chosen.length > 0);
    tray.querySelector("ul").replaceChildren(...chosen.map(chip));
    tray.querySelector("[data-count]").textContent = chosen.length;
    tray.querySelector("[data-most]").hidden = chosen.length < MOST;
    tray.querySelector("button.primary").disabled = chosen.length < 2;
  };

  const address = () => {
    const link = document.querySelector("a[data-favourites]");
    if (!link) return;
    link.hidden = !favourites.length;
    link.search = new URLSearchParams(favourites.map(([id]) => ["id", id])).toString();
    link.querySelector("b").textContent = favourites.length;
  };

  const star = (box) => {
    const place = box.closest("tr")?.querySelector(".name");
    if (!place || place.querySelector(".star")) return;
    const id = box.value;
    const name = named(box);
    const button = made("button", { type: "button", className: "star bare" });
    button.setAttribute("aria-label", `${tray.dataset.star}: ${name}`);
    const show = () => {
      button.setAttribute("aria-pressed", String(has(favourites, id)));
      button.textContent = has(favourites, id) ? "★" : "☆";
    };
    button.addEventListener("click", () => {
      favourites = toggled(read("favourites"), id, name);
      keep("favourites", favourites);
      show();
      address();
    });
    show();
    place.prepend(button);
  };

  const follow = () => {
    for (const box of boxes()) star(box);
    address();
    draw();
  };

  document.addEventListener("DOMContentLoaded", () => {
    tray = document.getElementById("tray");
    if (!tray) return;
    document.addEventListener("change", (event) => {
      if (event.target.matches('input[name="models"][form="tray"]')) choose(event.target.value, named(event.target));
    });
    tray.addEventListener("submit", (event) => {
      event.preventDefault();
      const to = new URL(tray.action);
      to.search = `models=${chosen.map(([id]) => encodeURIComponent(id).replaceAll("%2F", "/")).join(",")}`;
      location.assign(to);
    });
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest('input:not([type="checkbox"]), select, textarea, [contenteditable]');
      if (event.key === "Escape" && tray.contains(event.target)) (cameFrom ?? document.getElementById("main")).focus();
      if (event.key !== "c" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.documentElement.dataset.keys === "off") return;
      const box = event.target.closest("tr")?.querySelector('input[name="models"]');
      if (box) {
        cameFrom = event.target;
        choose(box.value, named(box));
      }
    });
    document.addEventListener("htmx:afterSettle", follow);
    addEventListener("storage", () => {
      chosen = read("tray").slice(0, MOST);
      favourites = read("favourites");
      follow();
    });
    follow();
  });
})();
