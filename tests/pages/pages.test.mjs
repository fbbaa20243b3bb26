// Opens the pages that relatch writes in a browser: `.ci/run` calls it.
//
//   node --test pages.test.mjs
//
// RELATCH is the program, CHROMIUM the browser, and SCREENSHOTS a folder for pictures, if one is
// wanted.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const relatch = process.env.RELATCH ?? path.join(root, "target/debug/relatch");
const pictures = process.env.SCREENSHOTS;
const folder = mkdtempSync(path.join(tmpdir(), "relatch-pages-"));
const example = path.join(root, "examples/quillmoor.csv");
const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
let browser;

before(async () => {
  // Without a sandbox, as the gate may run as root; the pages are our own.
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  if (pictures) mkdirSync(pictures, { recursive: true });
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

// Runs relatch; exit code 1 means that something was found in the inventory.
const run = (...words) => {
  try {
    return execFileSync(relatch, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }).toString();
  } catch (error) {
    if (error.status !== 1) throw error;
    return error.stdout.toString();
  }
};

const written = (name, ...words) => {
  const file = path.join(folder, name);
  run(...words, "--format", "html", "--out", file);
  return file;
};

// Opens a page, and fails on everything that a page must not do.
const open = async (file, settings = {}) => {
  const context = await browser.newContext({ viewport: wide, ...settings });
  const page = await context.newPage();
  const faults = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url() !== address) faults.push(`request: ${request.url().slice(0, 100)}`);
  });
  await page.goto(address);
  if (await page.locator("#devices-table").count()) {
    await page.locator("#devices-table[data-ready]").waitFor({ timeout: 60_000 });
  }
  return { page, faults, close: () => context.close() };
};

// Takes a picture of the page from its beginning, and one of its devices.
const picture = async (page, name) => {
  if (!pictures) return;
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width, height: 3000 });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  await page.setViewportSize({ width, height: 2 * height });
  if (await page.locator("#devices").count()) {
    await page.evaluate(() => document.querySelector("#devices").scrollIntoView());
    await page.screenshot({ path: path.join(pictures, `${name}-devices.png`) });
  }
};

// The texts whose contrast with their ground is less than WCAG AA demands.
const faint = (page) => page.evaluate(() => {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (color) => {
    const [red, green, blue] = numbers(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if ((numbers(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.disabled) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(style.color), light(ground(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${walker.currentNode.data.slice(0, 40)}`);
  }
  return found;
});

const overflow = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
});

const status = (page) => page.locator(".pages [role=status]").textContent();
const column = (page, place) => page.locator(`.devices tbody tr td:nth-child(${place})`).allTextContents();

test("every page keeps to itself, fits a phone and can be read in light and dark", async () => {
  const old = path.join(folder, "old.csv");
  run("generate", "--devices", "300", "--seed", "7", "--format", "portal", "--out", old);
  const later = path.join(folder, "later.csv");
  run("generate", "--devices", "300", "--seed", "8", "--format", "portal", "--out", later);
  const pages = {
    plan: written("plan.html", "plan", example),
    "plan-2018": written("plan-2018.html", "plan", example, "--policy", "2018-03-29"),
    policies: written("policies.html", "compare", example, "--from", "2018-03-29", "--to", "latest"),
    inventories: written("inventories.html", "compare", old, later),
    across: written("across.html", "compare", example, "--across"),
    forecast: written("forecast.html", "simulate", "--fleet", example, "--repeats", "3"),
  };
  for (const [name, file] of Object.entries(pages)) {
    for (const [kind, viewport, colorScheme] of [
      ["wide", wide, "light"], ["dark", wide, "dark"], ["phone", phone, "light"], ["phone-dark", phone, "dark"],
    ]) {
      const { page, faults, close } = await open(file, { viewport, colorScheme });
      assert.deepEqual(faults, [], `${name}, ${kind}`);
      assert.ok((await overflow(page)) <= 0, `${name}, ${kind} is wider than its window`);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      assert.deepEqual(await faint(page), [], `${name}, ${kind}`);
      assert.equal(await page.locator("h1").count(), 1);
      await picture(page, `${name}-${kind}`);
      await close();
    }
  }
});

test("a page prints in dark on white with everything that is folded", async () => {
  const file = written("print.html", "plan", example);
  const { page, close } = await open(file, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, "rgb(255, 255, 255)");
  assert.equal(await page.locator("details:not([open])").count(), 0);
  assert.equal(await page.locator("nav").isVisible(), false);
  await picture(page, "print");
  await close();
});

test("devices are sorted, searched and chosen, by keyboard as well", async () => {
  const file = written("devices.html", "plan", example);
  const { page, faults, close } = await open(file);
  assert.equal(await status(page), "1 to 50 of 400 devices");
  const shown = () => page.locator(".devices td:first-child > bdi").allTextContents();
  const names = await shown();
  await page.locator(".devices th button").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".devices th").first().getAttribute("aria-sort"), "ascending");
  const sorted = await shown();
  assert.notDeepEqual(sorted, names);
  const order = new Intl.Collator("en", { numeric: true });
  assert.deepEqual(sorted, [...sorted].sort(order.compare));
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".devices th").first().getAttribute("aria-sort"), "descending");
  await page.getByRole("combobox", { name: "Decision", exact: true }).selectOption("ineligible");
  const plan = JSON.parse(run("plan", example, "--format", "json"));
  assert.match(await status(page), new RegExp(` of ${plan.decisions.ineligible} that match, of 400$`));
  assert.ok((await column(page, 2)).every((decision) => decision === "ineligible"));
  await page.getByRole("combobox", { name: "Decision", exact: true }).selectOption("");
  await page.getByRole("button", { name: "Next" }).click();
  assert.match(await status(page), /^51 to 100 of /);
  await page.getByLabel("Search").fill("no device is called that");
  assert.equal(await status(page), "0 that match, of 400");
  assert.deepEqual(faults, []);
  await close();
});

test("devices that change are sorted, searched and chosen", async () => {
  const words = ["compare", example, "--from", "2018-03-29", "--to", "latest"];
  const file = written("changes.html", ...words, "--columns", "Model");
  const { changed } = JSON.parse(run(...words, "--format", "json"));
  const { page, faults, close } = await open(file);
  assert.equal(await status(page), `1 to 50 of ${changed} devices`);
  const headings = await page.locator(".devices th").allTextContents();
  assert.deepEqual(headings.slice(0, 5), ["Device", "Model", "Change", "Before", "After"]);
  await page.getByRole("combobox", { name: "Change", exact: true }).selectOption("lost-eligibility");
  assert.match(await status(page), / that match, of /);
  assert.ok((await column(page, 3)).every((change) => change === "lost-eligibility"));
  assert.ok((await column(page, 4)).every((before) => before === "eligible"));
  await page.locator(".devices th button").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".devices th").first().getAttribute("aria-sort"), "ascending");
  await page.getByRole("combobox", { name: "Change", exact: true }).selectOption("");
  await page.getByLabel("Search").fill("no device is called that");
  assert.equal(await status(page), `0 that match, of ${changed}`);
  assert.deepEqual(faults, []);
  await close();
});

test("the box decides changed facts as the program does", async () => {
  const file = written("what-if.html", "plan", example);
  const { page, faults, close } = await open(file);
  const answer = page.locator(".answer .verdict");
  const cases = [
    { platform: "ios", management: "user-enrollment", "os-version": "18" },
    { platform: "android", management: "device-administrator", "os-version": "6.0.1" },
    { platform: "android", management: "personal-work-profile", "os-version": "14", "reset-token": "active" },
    { platform: "macos" },
    {},
  ];
  const box = page.locator("#what-if-box");
  for (const facts of cases) {
    for (const input of await box.locator("select, input").all()) {
      const name = (await input.locator("xpath=..").textContent()).replace(/unknown.*/, "");
      const value = facts[name] ?? "";
      if (await input.evaluate((one) => one.tagName === "SELECT")) await input.selectOption(value);
      else await input.fill(value);
    }
    const words = Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
    const decided = JSON.parse(run("decide", ...words, "--format", "json"));
    assert.equal(await answer.textContent(), decided.decision, JSON.stringify(facts));
  }
  await box.getByLabel("os-version").fill("eight");
  assert.match(await page.locator(".answer").textContent(), /one to four numbers/);
  await page.getByRole("button", { name: /^What if, for/ }).first().click();
  assert.equal(await answer.textContent(), (await column(page, 2))[0]);
  assert.deepEqual(faults, []);
  await close();
});

test("hostile names are text", async () => {
  const names = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\" onmouseover=\"alert(3)",
    "javascript:alert(4)",
    "{{7*7}}${7*7}&lt;b&gt;",
    "\u202Egnp.exe",
    "=HYPERLINK(\"https://example.com\",\"x\")",
    "\u{1F4F1} \u0645\u0631\u062D\u0628\u0627",
    "<!--",
    "\\u003c/script>",
  ];
  const rows = names.map((name, at) => `${at + 1},"${name.replaceAll('"', '""')}",ios,device-enrollment,18`);
  const inventory = path.join(folder, "<img src=x onerror=alert(5)>.csv");
  writeFileSync(inventory, ["device-id,device-name,platform,management,os-version", ...rows].join("\n"));
  const file = written("hostile.html", "plan", inventory);
  const { page, faults, close } = await open(file);
  assert.deepEqual(await page.locator(".devices td:first-child > bdi").allTextContents(),
    names.map((name) => name.replace("\u202E", "\\u202e")));
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator("script").count(), 3);
  await page.locator(".devices tbody tr").nth(2).hover();
  await page.getByRole("button", { name: /^What if, for/ }).first().click();
  assert.deepEqual(faults, []);
  await picture(page, "hostile");
  await close();
  const compared = await open(written("hostile-changes.html", "compare", inventory, example));
  await compared.page.getByRole("combobox", { name: "Change", exact: true }).selectOption("vanished");
  assert.deepEqual(await compared.page.locator(".devices td:first-child > bdi").allTextContents(),
    names.map((name) => name.replace("\u202E", "\\u202e")));
  assert.equal(await compared.page.locator("img").count(), 0);
  assert.equal(await compared.page.locator("script").count(), 2);
  await picture(compared.page, "hostile-changes");
  assert.deepEqual(compared.faults, []);
  await compared.close();
});

test("a page has 200,000 devices and says where the others are", async () => {
  const inventory = path.join(folder, "large.csv");
  run("generate", "--devices", "200100", "--format", "portal", "--out", inventory);
  const list = path.join(folder, "large list.csv");
  const file = written("large.html", "plan", inventory, "--devices", list);
  const { page, faults, close } = await open(file);
  assert.equal(await status(page), "1 to 50 of 200 000 devices");
  const link = page.getByRole("link", { name: list });
  assert.equal(await link.getAttribute("href"), "./large%20list.csv");
  await page.getByRole("combobox", { name: "Decision", exact: true }).selectOption("conditional");
  await page.locator(".devices th button").first().click();
  assert.ok((await column(page, 2)).every((decision) => decision === "conditional"));
  assert.deepEqual(faults, []);
  await picture(page, "large");
  await close();
});

test("a page has 200,000 devices that change and says where the others are", async () => {
  const inventory = path.join(folder, "many.csv");
  const rows = Array.from({ length: 200_100 }, (_, at) => `${at},device ${at},android,device-administrator,6.0`);
  writeFileSync(inventory, ["device-id,device-name,platform,management,os-version", ...rows].join("\n"));
  const list = path.join(folder, "changes.csv");
  const words = ["compare", inventory, "--from", "2017-03-06", "--to", "latest", "--devices", list];
  const { page, faults, close } = await open(written("many.html", ...words));
  assert.equal(await status(page), "1 to 50 of 200 000 devices");
  assert.equal(await page.getByRole("link", { name: list }).getAttribute("href"), "./changes.csv");
  await page.locator(".devices th button").first().click();
  await page.locator(".devices th button").first().click();
  assert.equal(await page.locator(".devices td:first-child > bdi").first().textContent(), "device 199999");
  assert.deepEqual(faults, []);
  await picture(page, "many");
  await close();
});
