// Opens reports in headless Chromium: axe finds nothing in light, dark and with everything open; nothing is loaded, run or complained
// of; only elements of ours are there; filters show what they say, show it at once, and stay in the address.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const puppeteer = require("puppeteer-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const ELEMENTS = new Set(
  `html head meta title style body a header h1 h2 h3 span p dl div dt dd ul li b strong nav main section fieldset legend label input table
   thead tbody tr th td br small code details summary pre figure figcaption footer script svg desc defs marker path rect text tspan`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `lang charset http-equiv content name class href id role aria-label aria-labelledby data-of data-item data-group data-answer
   data-severity data-verdict data-count hidden type value checked autocomplete tabindex scope colspan rel viewbox preserveaspectratio x y width
   height rx d dy refx refy markerwidth markerheight orient marker-end open`.split(/\s+/),
);
// Milliseconds that are a stall on any machine; what it takes is printed.
const OPENS_WITHIN = 60000;
const FILTERS_WITHIN = 10000;

// Reports of more are not given to axe and the printer, which take minutes.
const MANY_BYTES = 6e6;
const FEW_BYTES = 6e5;

const faults = [];
const fault = (name, text) => faults.push(`${name}: ${text}`);

async function inspect(browser, file) {
  const name = path.basename(file);
  const { size } = fs.statSync(file);
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  page.on("console", (message) => fault(name, `console: ${message.text()}`));
  page.on("pageerror", (error) => fault(name, `error: ${error.message}`));
  page.on("dialog", (dialog) => fault(name, `dialog: ${dialog.message()}`) || dialog.dismiss());
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  const begun = performance.now();
  await page.goto(pathToFileURL(file).href, { waitUntil: "load", timeout: 120_000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const opened = performance.now() - begun;
  if (requests.length !== 1) fault(name, `it loads ${requests.slice(1).join(", ")}`);
  if (opened > OPENS_WITHIN) fault(name, `it took ${Math.round(opened)} ms to open`);

  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    return {
      elements: [...new Set(all.map((element) => element.localName))],
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))],
      scripts: document.scripts.length,
      styles: document.querySelectorAll("style").length,
      links: [...new Set([...document.links].map((link) => link.getAttribute("href")))],
      harmed: window.harmed,
      count: all.length,
    };
  });
  for (const element of found.elements) if (!ELEMENTS.has(element.toLowerCase())) fault(name, `an element <${element}>`);
  for (const attribute of found.attributes) if (!ATTRIBUTES.has(attribute.toLowerCase())) fault(name, `an attribute ${attribute}`);
  for (const link of found.links) if (!/^(#|https:\/\/)/.test(link)) fault(name, `a link to ${link}`);
  if (found.scripts !== 1 || found.styles !== 1) fault(name, `${found.scripts} scripts and ${found.styles} styles`);
  if (found.harmed !== undefined) fault(name, "a script of the account's ran");

  for (const width of [400, 1280]) {
    await page.setViewport({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) fault(name, `at ${width} pixels it is ${over} too wide`);
  }
  const filtered = await filters(page, name);
  await remembered(page, name, file);
  if (size < MANY_BYTES) {
    // Colours are the same on every page; the large ones are looked at once.
    for (const scheme of size < FEW_BYTES ? ["light", "dark"] : ["dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.evaluate(() => [...document.querySelectorAll("details")].slice(0, 20).forEach((details) => (details.open = true)));
      await axe(page, `${name} (${scheme})`);
    }
    await page.emulateMediaType("print");
    const printed = await page.pdf({ timeout: 120_000 });
    if (printed.length < 10_000) fault(name, "it prints as nothing");
  }
  console.log(`${name}: ${found.count} elements, opened in ${Math.round(opened)} ms, filtered in at most ${Math.round(filtered)} ms`);
  await page.close();
}

async function axe(page, name) {
  await page.evaluate(AXE);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of result.violations) {
    fault(name, `axe ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
}

// The longest that a filter of findings took, from the key to the next frame.
async function filters(page, name) {
  const said = await page.evaluate(async () => {
    const filter = document.querySelector("[data-of=finding-list]");
    if (!filter) return { longest: 0, wrong: [] };
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const items = [...document.querySelectorAll("#finding-list [data-item]")];
    const shown = () => items.filter((item) => !item.hidden);
    const status = filter.querySelector("[role=status]");
    const wrong = [];
    let longest = 0;
    const change = async (input, act, pause, expected) => {
      status.textContent = "";
      const begun = performance.now();
      const answered = new Promise((done) => new MutationObserver(done).observe(status, { childList: true }));
      act();
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await answered;
      await frame();
      // The pause in which a person still types does not count.
      longest = Math.max(longest, performance.now() - begun - pause);
      const bad = shown().filter((item) => !expected(item));
      if (bad.length > 0) wrong.push(`${bad.length} findings are shown that should not be`);
      if (items.filter(expected).length !== shown().length) wrong.push("findings are hidden that should be shown");
      if (!/^\d+ of \d+ shown$/.test(status.textContent)) wrong.push(`the status says '${status.textContent}'`);
    };
    const low = filter.querySelector("[value=low]");
    await change(low, () => (low.checked = false), 0, (item) => item.dataset.severity !== "low");
    const fail = filter.querySelector("[value=fail]");
    await change(fail, () => (fail.checked = false), 0, (item) => item.dataset.severity !== "low" && item.dataset.verdict !== "fail");
    await change(fail, () => (fail.checked = low.checked = true), 0, () => true);
    const text = filter.querySelector("[type=search]");
    const told = (item) => [item.closest("[data-group]").querySelector("h3"), item.querySelector("summary"), item.querySelector(".about")]
      .map((part) => part.textContent).join(" ").toLowerCase();
    for (const word of ["vault", "vault lock", "nothing is called so"]) {
      await change(text, () => (text.value = word), 120, (item) => word.split(" ").every((part) => told(item).includes(part)));
    }
    await change(text, () => (text.value = ""), 120, () => true);
    return { longest, wrong };
  });
  said.wrong.forEach((text) => fault(name, text));
  if (said.longest > FILTERS_WITHIN) fault(name, `a filter took ${Math.round(said.longest)} ms`);
  return said.longest;
}

// What a filter leaves is there again for whoever opens the address, and a link within the page does not lose it.
async function remembered(page, name, file) {
  const shown = () => [...document.querySelectorAll("#finding-list [data-item]")].map((item) => !item.hidden).join();
  const status = () => document.querySelector("[data-of=finding-list] [role=status]").textContent;
  if (!(await page.$("[data-of=finding-list]"))) return;
  const settled = () => page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await page.evaluate(() => {
    const filter = document.querySelector("[data-of=finding-list]");
    filter.querySelector("[value=low]").checked = false;
    filter.querySelector("[type=search]").value = "vault &#%?=é";
    filter.querySelector("[type=search]").dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await settled();
  await page.evaluate(() => document.querySelector('nav a[href="#promises"]').click());
  await settled();
  const [address, before, said] = [await page.evaluate(() => location.href), await page.evaluate(shown), await page.evaluate(status)];
  if (!address.includes("#promises?finding-list.severity=critical+high+medium&finding-list.text=vault")) fault(name, `the address is ${address}`);
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "load" });
  await settled();
  if ((await page.evaluate(shown)) !== before || (await page.evaluate(status)) !== said) fault(name, "the address does not bring the filter back");
  await page.goto("about:blank");
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"], protocolTimeout: 300_000 });
  for (const file of process.argv.slice(2)) await inspect(browser, file);
  await browser.close();
  if (faults.length > 0) {
    console.error(faults.join("\n"));
    process.exit(1);
  }
})();
