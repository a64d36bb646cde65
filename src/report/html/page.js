"use strict";
// The filters, and their state in the address, so that a link shows what its sender saw. Without this script everything is shown, and
// the filters are not.
const filters = [...document.querySelectorAll("[data-of]")].map((filter) => {
  const list = document.getElementById(filter.dataset.of);
  const items = [...list.querySelectorAll("[data-item]")];
  const groups = [...list.querySelectorAll("[data-group]")];
  const boxes = [...filter.querySelectorAll("input[type=checkbox]")];
  const text = filter.querySelector("input[type=search]");
  const status = filter.querySelector("[role=status]");
  const names = [...new Set(boxes.map((box) => box.name))];
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
  const key = (name) => `${list.id}.${name}`;
  const of = (name) => boxes.filter((box) => box.name === name);
  // What is not as it was at first.
  const tell = (state) => {
    for (const name of names) {
      const checked = of(name).filter((box) => box.checked);
      if (checked.length < of(name).length) state.set(key(name), checked.map((box) => box.value).join(" "));
    }
    if (text.value) state.set(key("text"), text.value);
  };
  const take = (state) => {
    for (const name of names) {
      const values = state.get(key(name))?.split(" ");
      for (const box of of(name)) box.checked = values?.includes(box.value) ?? true;
    }
    text.value = state.get(key("text")) ?? "";
    apply();
  };
  let later;
  filter.addEventListener("input", (event) => {
    clearTimeout(later);
    later = setTimeout(() => (apply(), remember(list.id)), event.target === text ? 120 : 0);
  });
  (window.requestIdleCallback ?? setTimeout)(() => (searched ??= search()));
  filter.hidden = false;
  return { tell, take };
});
// The address is `#place?state`, and `#place` where all is as it was at first.
const told = () => location.hash.slice(1).split(/\?(.*)/s);
const remember = (place) => {
  const state = new URLSearchParams();
  for (const filter of filters) filter.tell(state);
  const fragment = String(state) ? `#${place}?${state}` : `#${place}`;
  if (fragment !== (location.hash || "#")) history.replaceState(history.state, "", fragment);
};
const read = () => {
  const [place, state] = told();
  // A link within the page leads to a place and says nothing of filters, which stay.
  if (state === undefined) return remember(place);
  for (const filter of filters) filter.take(new URLSearchParams(state));
  document.getElementById(place)?.scrollIntoView();
};
addEventListener("hashchange", read);
if (told()[1] !== undefined) read();
