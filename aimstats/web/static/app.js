// What the pages do beyond links and forms: the theme, copying ids, opening evidence, and keeping the form in step with
// the URL. Everything here is a convenience: each page works without it.
"use strict";
(() => {
  const root = document.documentElement;
  const THEMES = ["light", "dark"];
  root.classList.add("js");

  const stored = (name = "theme") => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage is switched off: the system's theme it is
    }
  };
  if (THEMES.includes(stored())) root.dataset.theme = stored();

  if (stored("keys") === "off") root.dataset.keys = "off";

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  const toggleTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      return; // the choice lasts for this page then
    }
  };

  // Texts come with the page, in its language.
  const say = (name) => {
    const status = document.getElementById("status");
    if (status) status.textContent = status.dataset[name] ?? "";
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = document.getElementById("status").dataset.copied;
    setTimeout(() => (button.textContent = label), 1200);
  };

  // What stands in a tooltip is told on a tap too: a finger does not hover.
  const tell = (told) => {
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.popover = "auto";
    tip.textContent = told.title;
    document.body.append(tip);
    tip.addEventListener("toggle", (event) => event.newState === "closed" && tip.remove());
    tip.showPopover();
    const [place, size] = [told.getBoundingClientRect(), tip.getBoundingClientRect()];
    const below = place.bottom + 6 + size.height < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${below ? place.bottom + 6 : place.top - size.height - 6}px`;
  };

  // A row's evidence opens in a row of its own below it, which is made when it is first asked for.
  const rowUnder = (link) => {
    const row = link.closest("tr");
    const under = document.createElement("tr");
    under.className = "under";
    under.id = `under-${row.rowIndex}`;
    under.hidden = true;
    under.append(document.createElement("td"));
    under.firstChild.colSpan = row.cells.length;
    under.firstChild.append(document.createElement("div"));
    under.firstChild.firstChild.className = "evidence";
    row.after(under);
    link.setAttribute("aria-controls", under.id);
    return under;
  };

  // Evidence that is loaded already is shown and hidden without asking the server again.
  const toggleEvidence = (link, event) => {
    const row = document.getElementById(link.getAttribute("aria-controls")) ?? rowUnder(link);
    if (!row || !row.textContent.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    row.hidden = !row.hidden;
    link.setAttribute("aria-expanded", String(!row.hidden));
  };

  document.addEventListener(
    "click",
    (event) => {
      const target = event.target.closest("[data-theme-toggle], [data-copy], [data-evidence]");
      const told = event.target.closest("main [title]");
      if (told && !told.closest("a, button, summary, label")) tell(told);
      if (!target) {
        for (const menu of document.querySelectorAll(".menu[open]")) {
          if (!menu.contains(event.target)) menu.open = false;
        }
      } else if (target.hasAttribute("data-theme-toggle")) toggleTheme();
      else if (target.hasAttribute("data-copy")) copy(target);
      else if (!event.metaKey && !event.ctrlKey && !event.shiftKey) toggleEvidence(target, event);
    },
    true,
  );

  // Another day is another page, with what it says of itself above the table.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-day]")) return;
    const address = new URL(location.href);
    if (event.target.value) address.searchParams.set("as_of", event.target.value);
    else address.searchParams.delete("as_of");
    location.assign(address);
  });

  // From a row of a table to the one above or below it.
  const toRow = (event) => {
    const rows = [...(event.target.closest("tbody")?.rows ?? [])].filter((row) => !row.matches(".under"));
    const next = rows[rows.indexOf(event.target.closest("tr")) + (event.key === "ArrowDown" ? 1 : -1)];
    const link = next?.querySelector("th a");
    if (!rows.length || !link) return;
    event.preventDefault();
    link.focus();
  };

  // Keys that are single letters can be switched off (WCAG 2.1.4).
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys]")) return;
    root.dataset.keys = event.target.checked ? "on" : "off";
    try {
      localStorage.setItem("keys", root.dataset.keys);
    } catch {
      return;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-keys]")) box.checked = root.dataset.keys !== "off";
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll(".menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return toRow(event);
    if (root.dataset.keys === "off") return;
    if (event.key === "?") document.getElementById("keys").togglePopover();
    if (event.key === "/") {
      const search = document.getElementById("q");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
  });

  // What is open stays open when the server sends the same block again.
  const opened = new Map();
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.id && event.target.matches("details")) opened.set(event.target.id, event.target.open);
    },
    true,
  );

  const restore = () => {
    for (const [id, open] of opened) {
      const details = document.getElementById(id);
      if (details && details.open !== open) details.open = open;
    }
  };

  // A removed chip or Back changes the URL: the text fields outside the swapped block follow it.
  const followUrl = () => {
    const query = new URLSearchParams(location.search);
    for (const input of document.querySelectorAll("[data-follow] input")) {
      const least = query.getAll("min_score").find((one) => `score_${one}`.startsWith(`${input.name}:`));
      const value = query.get(input.name) ?? least?.slice(least.lastIndexOf(":") + 1) ?? "";
      if (input !== document.activeElement && input.value !== value) input.value = value;
    }
  };

  document.addEventListener("htmx:oobAfterSwap", restore);
  document.addEventListener("htmx:afterSwap", (event) => {
    restore();
    const row = event.target.closest("tr.under");
    if (row) {
      row.hidden = false;
      document.querySelector(`[aria-controls="${CSS.escape(row.id)}"]`)?.setAttribute("aria-expanded", "true");
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    followUrl();
    for (const link of document.querySelectorAll("[data-language]")) link.search = location.search;
    say("");
  });
  document.addEventListener("htmx:sendError", () => say("away"));
  document.addEventListener("htmx:responseError", () => say("failed"));
})();
