"use strict";
// The filters. Without this script everything is shown, and the filters are not.
for (const filter of document.querySelectorAll("[data-of]")) {
  const list = document.getElementById(filter.dataset.of);
  const items = [...list.querySelectorAll("[data-item]")];
  const groups = [...list.querySelectorAll("[data-group]")];
  const boxes = [...filter.querySelectorAll("input[type=checkbox]")];
  const text = filter.querySelector("input[type=search]");
  const status = filter.querySelector("[role=status]");
  const count = (item) => Number(item.dataset.count ?? 1);
  const total = items.reduce((sum, item) => sum + count(item), 0);
  // What is searched is read once, when there is time: names and messages, not evidence.
  let searched;
  const search = () =>
    items.map((item) => {
      const parts = [item.closest("[data-group]")?.querySelector("h3"), item.querySelector("summary") ?? item, item.querySelector(".about")];
      return parts.map((part) => part?.textContent ?? "").join(" ").toLowerCase();
    });
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length > 0) searched ??= search();
    const wanted = {};
    for (const box of boxes) (wanted[box.name] ??= new Set()) && box.checked && wanted[box.name].add(box.value);
    let shown = 0;
    const full = new Set();
    items.forEach((item, at) => {
      const show =
        Object.entries(wanted).every(([name, values]) => values.has(item.dataset[name])) &&
        words.every((word) => searched[at].includes(word));
      if (item.hidden === show) item.hidden = !show;
      if (show) {
        shown += count(item);
        full.add(item.closest("[data-group]"));
      }
    });
    for (const group of groups) group.hidden = !full.has(group);
    status.textContent = `${shown} of ${total} shown`;
  };
  let later;
  filter.addEventListener("input", (event) => {
    clearTimeout(later);
    later = setTimeout(apply, event.target === text ? 120 : 0);
  });
  (window.requestIdleCallback ?? setTimeout)(() => (searched ??= search()));
  filter.hidden = false;
}
