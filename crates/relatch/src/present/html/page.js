"use strict";

// The table of devices and the box that decides changed facts. All text enters the page as text.

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const choices = (values) => values.map(([value, text]) => make("option", { value }, text));
// A text whose letters are seen in their order: what would turn them round, or is unseen, is spelled out.
const plain = (text) => text.replace(/[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g,
  (letter) => `\\u${letter.codePointAt(0).toString(16).padStart(4, "0")}`);
// Digits stand in threes, as in the rest of the page.
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, " ");
const collator = new Intl.Collator("en", { numeric: true });

// Unpacks the columns: the length of a header, the header, then the positions of each column's cells.
const unpack = async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const data = await new Response(stream).arrayBuffer();
  let place = 4 + new DataView(data).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, place - 4)));
  for (const column of table.columns) {
    const Kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[column.width];
    const end = place + table.rows * column.width;
    column.at = Kind ? new Kind(data.slice(place, end)) : Uint32Array.from({ length: table.rows }, (_, row) => row);
    place = end;
  }
  return table;
};

// The place of each entry of a column in the order of its texts.
const ranks = (column) => {
  if (!column.ranks) {
    const order = column.entries.map((_, place) => place);
    order.sort((one, other) => collator.compare(column.entries[one], column.entries[other]));
    column.ranks = new Uint32Array(order.length);
    order.forEach((entry, rank) => { column.ranks[entry] = rank; });
  }
  return column.ranks;
};

// Sorts rows by a column; equal ones keep their order.
const sorted = (rows, column, descending) => {
  const rank = ranks(column);
  const last = rank.length - 1;
  const key = (row) => (descending ? last - rank[column.at[row]] : rank[column.at[row]]);
  const starts = new Uint32Array(rank.length + 1);
  for (const row of rows) starts[key(row) + 1] += 1;
  for (let place = 1; place < starts.length; place += 1) starts[place] += starts[place - 1];
  const result = new Uint32Array(rows.length);
  for (const row of rows) { result[starts[key(row)]] = row; starts[key(row)] += 1; }
  return result;
};

// The rows whose cells satisfy the search and every choice.
const filtered = (table, search, chosen) => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = chosen.map(([column, entry]) => (row) => column.at[row] === entry);
  for (const word of words) {
    const columns = table.columns.filter((column) => column.searched);
    const hits = columns.map((column) =>
      Uint8Array.from(column.entries, (entry) => (entry.toLowerCase().includes(word) ? 1 : 0)));
    tests.push((row) => columns.some((column, place) => hits[place][column.at[row]]));
  }
  const rows = [];
  for (let row = 0; row < table.rows; row += 1) if (tests.every((test) => test(row))) rows.push(row);
  return Uint32Array.from(rows);
};

const cell = (table, column, row) => {
  // A fact that is one of a set has a bar between the values.
  const text = column.entries[column.at[row]].replaceAll("|", column.fact ? " or " : "|");
  const attributes = { role: "cell", class: column.small ? "small" : column.name.startsWith("because") ? "sentence" : "long" };
  if (text) attributes["data-label"] = column.label;
  if (text && ["decision", "before", "after"].includes(column.name)) {
    return make("td", attributes, make("span", { class: `verdict ${text}` }, text));
  }
  const content = make("td", attributes, make("bdi", {}, plain(text)));
  const id = table.columns.find((one) => one.name === "device-id");
  if (column.name === "device-name" && id) content.append(make("small", {}, make("bdi", {}, plain(id.entries[id.at[row]]))));
  return content;
};

const showDevices = async (place, whatIf) => {
  const table = await unpack(document.getElementById("devices-data").textContent);
  const shown = table.columns.filter((column) => column.shown);
  const size = 50;
  let page = 0;
  let order = null;
  let rows = Uint32Array.from({ length: table.rows }, (_, row) => row);

  const search = make("input", { type: "search", autocomplete: "off" });
  const selects = table.columns.filter((column) => column.choice).map((column) => {
    const entries = [...column.entries.keys()].sort((one, other) => ranks(column)[one] - ranks(column)[other]);
    const options = entries.map((entry) => [String(entry), column.entries[entry].replaceAll("|", " or ") || "(none)"]);
    return [column, make("select", {}, ...choices([["", "any"], ...options]))];
  });
  const form = make("form", { role: "search", "aria-label": "Filter devices" },
    make("label", {}, "Search", search),
    ...selects.map(([column, select]) => make("label", {}, column.label, select)));
  const status = make("span", { role: "status" });
  const previous = make("button", { type: "button" }, "Previous");
  const next = make("button", { type: "button" }, "Next");
  const headings = shown.map((column) => {
    const button = make("button", { type: "button" }, column.label);
    const heading = make("th", { scope: "col", role: "columnheader" }, button);
    button.addEventListener("click", () => {
      const again = order && order.column === column && !order.descending;
      order = { column, descending: Boolean(again) };
      headings.forEach((one) => one.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", again ? "descending" : "ascending");
      page = 0;
      refresh();
    });
    return heading;
  });
  const head = make("tr", { role: "row" }, ...headings);
  const body = make("tbody", { role: "rowgroup" });
  const devices = make("table", { class: "devices", role: "table", "aria-label": "Devices" },
    make("thead", { role: "rowgroup" }, head), body);

  const facts = (row) => Object.fromEntries(table.columns.filter((column) => column.fact)
    .map((column) => [column.name, column.entries[column.at[row]]]));
  const line = (row) => {
    const cells = shown.map((column) => cell(table, column, row));
    if (whatIf) {
      const name = table.columns.find((column) => column.name === "device-name");
      const label = name ? name.entries[name.at[row]] : "";
      const button = make("button", { type: "button", "aria-label": `What if, for ${plain(label)}` }, "What if");
      button.addEventListener("click", () => whatIf(facts(row), label));
      cells.push(make("td", { role: "cell", class: "small" }, button));
    }
    return make("tr", { role: "row" }, ...cells);
  };
  if (whatIf) head.append(make("th", { scope: "col", role: "columnheader" }, "Try"));
  const draw = () => {
    const from = page * size;
    const part = rows.slice(from, from + size);
    body.replaceChildren(...Array.from(part, line));
    const range = part.length ? `${grouped(from + 1)} to ${grouped(from + part.length)} of ` : "";
    const all = rows.length < table.rows ? ` that match, of ${grouped(table.rows)}` : " devices";
    status.textContent = `${range}${grouped(rows.length)}${all}`;
    previous.disabled = page === 0;
    next.disabled = from + size >= rows.length;
  };
  const refresh = () => {
    const chosen = selects.filter(([, select]) => select.value).map(([column, select]) => [column, Number(select.value)]);
    rows = filtered(table, search.value, chosen);
    if (order) rows = sorted(rows, order.column, order.descending);
    draw();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { page = 0; refresh(); });
  previous.addEventListener("click", () => { page -= 1; draw(); });
  next.addEventListener("click", () => { page += 1; draw(); });
  draw();
  place.replaceChildren(form, make("div", { class: "pages" }, previous, next, status),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Devices" }, devices));
  place.dataset.ready = "true";
};

// A value of a fact as the evaluator of compiled policies takes it; undefined if it is none.
const valueOf = (fact, text) => {
  if (!text) return null;
  if (fact.fact === "os-version") return /^\d{1,9}(\.\d{1,9}){0,3}$/.test(text) ? text : undefined;
  return fact.values.find((value) => String(value) === text);
};

const showWhatIf = (place) => {
  const table = JSON.parse(document.getElementById("what-if-data").textContent);
  const answer = make("div", { class: "answer", role: "status" });
  const about = make("p", {});
  const inputs = table.facts.map((fact) => {
    const input = fact.fact === "os-version"
      ? make("input", { inputmode: "decimal", placeholder: "unknown", autocomplete: "off", size: "10" })
      : make("select", {}, ...choices([["", "unknown"], ...fact.values.map((value) => [String(value), String(value)])]));
    return [fact, input];
  });
  const show = () => {
    const device = {};
    for (const [fact, input] of inputs) {
      const text = input.value.trim();
      const value = valueOf(fact, text);
      if (value === undefined) {
        answer.replaceChildren(make("p", {}, `A version has one to four numbers, such as 8.1; not ${text}.`));
        return;
      }
      device[fact.fact] = value;
    }
    const decision = decide(table, device);
    if (!decision) {
      answer.replaceChildren(make("p", {}, "There is no such device: this management mode does not exist on this platform."));
      return;
    }
    answer.replaceChildren(
      make("p", {}, make("span", { class: `verdict ${decision.decision}` }, decision.decision), `: ${decision.what}`),
      ...decision.because.map((reason) => make("p", { class: "quiet" }, reason)));
  };
  const form = make("form", { "aria-label": "Facts of a device" },
    ...inputs.map(([fact, input]) => make("label", {}, fact.fact, input)));
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
  place.replaceChildren(about, form, answer);
  return (facts, name) => {
    const sets = [];
    for (const [fact, input] of inputs) {
      const text = facts[fact.fact] || "";
      const fits = valueOf(fact, text) !== undefined;
      input.value = fits ? text : "";
      if (text && !fits) sets.push(`${fact.fact} is one of ${text.replaceAll("|", ", ")}, and unknown here`);
    }
    about.replaceChildren("The facts of ", make("bdi", {}, plain(name) || "this device"), [".", ...sets].join(" "));
    show();
    place.scrollIntoView();
    inputs[0][1].focus();
  };
};

const whatIfPlace = document.getElementById("what-if-box");
const whatIf = whatIfPlace ? showWhatIf(whatIfPlace) : null;
const devicesPlace = document.getElementById("devices-table");
if (devicesPlace) {
  showDevices(devicesPlace, whatIf).catch((error) => {
    devicesPlace.textContent = `This browser cannot show the devices: ${error.message}`;
  });
}
addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
});
