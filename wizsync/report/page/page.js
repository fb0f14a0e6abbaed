"use strict";
/* Takes in the customers, rejects and absent customers that lie in the page as JSON, finds and shows them.
   The order of the lists' entries is set in embedded.py; cards.js builds what is shown of a customer. */

const FIRST = 60;
const NEXT = 120;
const ON_PAPER = 1000;
const OPEN = new Set(["failed", "unknown", "conflict", "held", "rejected", "pending"]);

// --- finding -------------------------------------------------------------------------------

// Lower case without accents, so that "muller" finds "Müller".
function plain(text) {
  const lower = text.toLowerCase();
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
}

// What is looked for: `row 14` is that row and no other, `Ship-to, row 7` that of a sheet; else every word
// must occur.
class Wanted {
  constructor(text) {
    const asked = plain(text.trim());
    const [, place, row] = /^(?:(.+?),? +)?rows? (\d+)$/.exec(asked) ?? [];
    this.row = Number(row ?? 0);
    this.place = place ?? "";
    this.words = asked.split(/\s+/).filter(Boolean);
  }

  get any() { return this.words.length > 0; }

  fits(haystack, rows) {
    return this.row ? rows.some((row) => rowNumber(row) === this.row && plain(rowPlace(row)).includes(this.place))
      : this.words.every((text) => haystack.includes(text));
  }
}

class Customer {
  constructor(entry, texts) {
    [this.kindNumber, this.standingNumber, this.key, this.name, this.rows, this.cells] = entry;
    this.happened = texts[entry[6]];
    this.toDo = texts[entry[7]];
    this.extras = entry[8];
    this.texts = texts;
    this.children = (this.extras.children ?? NONE).map((child) => new Child(child, texts));
    const rejected = this.extras.rejected ?? NONE;
    this.allRows = this.children.length || rejected.length
      ? [...this.rows, ...this.children.flatMap((child) => child.rows), ...rejected.flatMap(([, rows]) => rows)] : this.rows;
    const held = (this.extras.held ?? []).flat();
    const harmed = (this.extras.harm ?? []).flatMap(([, id, name, , cells]) => [id, name, ...cells.flatMap(cellWords)]);
    this.haystack = plain([
      this.key, this.name, ...this.cells.flatMap(cellWords), this.happened, ...held, ...(this.extras.said ?? []),
      ...(this.extras.ids ?? []), ...this.children.flatMap((child) => child.words), ...harmed,
      ...rejected.flatMap(([, , text, why]) => [text, texts[why]]),
    ].filter(Boolean).join("\n"));
  }

  get kind() { return head.kinds[this.kindNumber]; }
  get standing() { return head.standings[this.standingNumber]; }
  get isOpen() { return OPEN.has(this.standing) || Boolean(this.extras.open); }

  // Of a kind, or with any child, or with a child to which something happens: `children`, `children add`.
  isOf(kind) {
    const [name, action] = kind.split(" ");
    if (name !== "children") return this.kind === kind;
    return action ? this.children.some((child) => child.action === action) : this.children.length > 0;
  }
}

const NONE = [];
const wanted = () => new Wanted(byId("find").value);
const customers = [];
let matches = [];
let shown = 0;
let loaded = false;

function isWanted(customer, {find, standing, kind}) {
  return (!kind || customer.isOf(kind))
    && (!standing || (standing === "open" ? customer.isOpen : customer.standing === standing))
    && find.fits(customer.haystack, customer.allRows);
}

const ORDERS = {
  row: (one, other) => firstRow(one) - firstRow(other),
  key: (one, other) => collator.compare(one.key, other.key),
};
const collator = new Intl.Collator("en", {numeric: true});
const firstRow = (customer) => (customer.rows.length ? rowNumber(customer.rows[0]) : Infinity);

function filter() {
  return {find: wanted(), standing: byId("standing").value, kind: byId("kind").value};
}

function showCustomers() {
  const asked = filter();
  matches = customers.filter((customer) => isWanted(customer, asked));
  const order = ORDERS[byId("order").value];
  if (order) matches.sort(order);
  shown = 0;
  byId("list").replaceChildren();
  showMore(FIRST);
}

function showMore(count) {
  const next = matches.slice(shown, shown + count);
  byId("list").append(...next.map(card));
  shown += next.length;
  tellHowMany();
}

function tellHowMany() {
  const total = number(customers.length);
  const all = `${total} customer${customers.length === 1 ? "" : "s"}`;
  const found = matches.length === customers.length ? all : `${number(matches.length)} of ${all}`;
  byId("shown").textContent = loaded ? found : `${found}, reading more…`;
  const more = byId("more");
  more.hidden = shown >= matches.length;
  more.textContent = `Show more (${number(shown)} of ${number(matches.length)} shown)`;
}

// The pieces are taken in one after another, so that the first customers show at once.
function load(pieces) {
  const piece = pieces.shift();
  if (piece === undefined) {
    loaded = true;
    showCustomers();
    return;
  }
  const {texts, customers: entries} = JSON.parse(piece.textContent);
  piece.remove();
  for (const entry of entries) customers.push(new Customer(entry, texts));
  if (shown === 0) showCustomers();
  else tellHowMany();
  setTimeout(load, 0, pieces);
}

// --- rejects and absent customers ----------------------------------------------------------

// A group that takes in its data when it is first opened or searched, and shows it a part at a time.
class Group {
  constructor(details, scripts, {heads, render, words, rows}) {
    Object.assign(this, {details, scripts, heads, render, words, rows, shown: 0, entries: null});
    details.addEventListener("toggle", () => { if (details.open && !this.shown) this.more(NEXT); });
  }

  load() {
    if (this.entries) return;
    this.entries = [...document.querySelectorAll(this.scripts)].flatMap((script) => JSON.parse(script.textContent));
    this.haystacks = this.entries.map((entry) => plain(this.words(entry)));
    this.matches = this.entries;
  }

  find(what) {
    this.load();
    this.matches = this.entries.filter((entry, at) => what.fits(this.haystacks[at], this.rows(entry)));
    const whole = what.fits(plain(this.details.querySelector(".message").textContent), []);
    if (whole) this.matches = this.entries;
    this.details.hidden = this.matches.length === 0;
    this.details.querySelector(".matching").textContent =
      this.matches.length === this.entries.length ? "" : `${number(this.matches.length)} found`;
    this.shown = 0;
    this.details.querySelector(".rows").replaceChildren();
    if (what.any && !whole) this.details.open = this.matches.length > 0;
    if (this.details.open) this.more(NEXT);
  }

  more(count) {
    this.load();
    const place = this.details.querySelector(".rows");
    place.querySelector(":scope > button")?.remove();
    const next = this.matches.slice(this.shown, this.shown + count);
    let body = place.querySelector("tbody");
    if (!body) {
      body = make("tbody");
      place.append(make("table", "list", make("thead", "", line(this.heads.map((text) => header(text, "col")))), body));
    }
    body.append(...next.map((entry) => this.render(entry)));
    this.shown += next.length;
    if (this.shown < this.matches.length) {
      const button = make("button", "", `Show more (${number(this.shown)} of ${number(this.matches.length)} shown)`);
      button.type = "button";
      button.addEventListener("click", () => this.more(NEXT * 4));
      place.append(button);
    }
  }
}

function rejectLine([rows, key, text, message, hint]) {
  const why = [message, hint].filter(Boolean).join(" ");
  const whole = make("details", "whole", make("summary", "", "Whole row"));
  whole.addEventListener("toggle", () => {
    if (whole.open && whole.children.length === 1) whole.append(...rows.map(wholeRow));
  });
  return make("tr", "",
    make("td", "row", ...visible(rowWords(rows.map(([row]) => row)).replace(/^Rows? /, ""))),
    make("td", "", key ? data(key, "key") : make("span", "none", "no code")),
    make("td", "", text === null ? "" : value(text, null)),
    make("td", "", why && make("p", "", ...visible(why)), whole));
}

// All cells of a row under their columns.
function wholeRow([row, cells]) {
  const columns = rowPlace(row) ? head.tables[rowPlace(row)] ?? [] : head.columns;
  const entries = cells.flatMap((cell, at) => cell === "" ? [] : [
    make("dt", "", ...visible(columns[at] ?? "No column")), make("dd", "", value(cell, null))]);
  return make("dl", "cells", make("dt", "", ...visible(rowWords([row]))), make("dd", ""), ...entries);
}

function rejectWords([rows, key, text, message, hint]) {
  return [key, text ?? "", message, hint, ...rows.flatMap(([, cells]) => cells)].join("\n");
}

function absentLine([key, name]) {
  return make("tr", "", make("td", "", data(key, "key")), make("td", "", data(name)));
}

// --- the page ------------------------------------------------------------------------------

const groups = [];
for (const details of document.querySelectorAll("details.reason")) {
  const scripts = `script.reason-rows[data-number="${details.dataset.number}"]`;
  groups.push(new Group(details, scripts, {
    heads: ["Row", "Customer", "Value", "More"], render: rejectLine, words: rejectWords,
    rows: ([rows]) => rows.map(([row]) => row),
  }));
}
for (const details of document.querySelectorAll("details.absent")) {
  groups.push(new Group(details, "script.absent-customers", {
    heads: ["Customer", "Name"], render: absentLine, words: (entry) => entry.join("\n"), rows: () => [],
  }));
}

for (const details of document.querySelectorAll("details.childless")) {
  groups.push(new Group(details, `script.childless-customers[data-kind="${details.dataset.kind}"]`, {
    heads: ["Customer"], render: (key) => make("tr", "", make("td", "", data(key, "key"))),
    words: (key) => key, rows: () => [],
  }));
}

const toolbar = document.querySelector(".toolbar");
const listed = byId("list") !== null;
if (toolbar) {
  toolbar.hidden = false;
  let waiting = 0;
  byId("find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (listed) showCustomers();
      for (const group of groups) group.find(wanted());
    }, 80);
  });
}
if (listed) {
  for (const id of ["standing", "kind", "order"]) byId(id).addEventListener("change", showCustomers);
  byId("more").addEventListener("click", () => showMore(NEXT));
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) showMore(NEXT);
  }, {rootMargin: "1200px"}).observe(byId("more"));
  load([...document.querySelectorAll("script.customers")]);
}

// On paper there is no "more": what fits is laid out before.
window.addEventListener("beforeprint", () => {
  if (listed) {
    if (shown < ON_PAPER) showMore(ON_PAPER - shown);
    if (shown < matches.length) {
      byId("shown").textContent = `The first ${number(shown)} of ${number(matches.length)} customers; report.json has all.`;
    }
  }
  let left = ON_PAPER;
  for (const group of groups) {
    if (group.details.hidden || left <= 0) continue;
    group.details.open = true;
    if (group.shown < left) group.more(left - group.shown);
    left -= group.shown;
    if (group.shown < group.matches.length) {
      group.details.querySelector(".matching").textContent = `the first ${number(group.shown)} on paper`;
    }
  }
});
