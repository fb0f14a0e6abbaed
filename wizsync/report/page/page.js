"use strict";
/* Shows the customers, rejects and absent customers that lie in the page as JSON.

   Every text of the data reaches the page through textContent; nothing is ever parsed as markup. The
   order of the lists' entries is set in embedded.py. */
(() => {
  const FIRST = 60;
  const NEXT = 120;
  const ON_PAPER = 1000;
  const OPEN = new Set(["failed", "unknown", "conflict", "held", "rejected", "pending"]);
  const KIND_MARKS = {create: "+", update: "≠", rename: "↦", delete: "−", unclear: "?"};
  const KIND_WORDS = {create: "Create", update: "Update", rename: "Rename", delete: "Delete", unclear: "Unclear"};
  const STANDING_WORDS = {
    failed: "Refused by WizCommerce", unknown: "Outcome not known", conflict: "Conflict",
    held: "Held", rejected: "Rejected", pending: "Not reached", not_written: "Not written",
    planned: "Planned", applied: "Applied", skipped: "Skipped",
  };
  // Characters that cannot be seen or that turn the text around them; the same as in report_html.py.
  const UNSEEN = /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/;

  const byId = (id) => document.getElementById(id);
  const head = JSON.parse(byId("heading").textContent);
  const number = new Intl.NumberFormat("en").format;

  // --- building ------------------------------------------------------------------------------

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  // A text with what cannot be seen in it made visible.
  function visible(text) {
    return text.split(UNSEEN).map((part, index) => {
      if (index % 2 === 0) return part;
      const code = part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      return make("span", "unseen", `U+${code}`);
    });
  }

  function data(text, className = "") {
    const node = make("bdi", className, ...visible(text));
    return node;
  }

  // A cell's value; what differs from `other` is marked.
  function value(text, other, empty = "empty") {
    if (text === null || text === undefined) return make("span", "none", "not read");
    if (text === "") return make("span", "none", empty);
    const node = make("bdi", "value");
    const [start, end] = other ? difference(text, other) : [0, 0];
    node.append(...visible(text.slice(0, start)));
    if (end > start) node.append(make("mark", "", ...visible(text.slice(start, end))));
    node.append(...visible(text.slice(end)));
    return node;
  }

  // Where `text` differs from `other`: the start and end of its middle part, between whole characters.
  function difference(text, other) {
    const shorter = Math.min(text.length, other.length);
    let start = 0;
    while (start < shorter && text[start] === other[start]) start += 1;
    let tail = 0;
    while (tail < shorter - start && text[text.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
    const low = (at) => /[\udc00-\udfff]/.test(text[at] ?? "");
    if (low(start)) start -= 1;
    let end = text.length - tail;
    if (low(end)) end += 1;
    return start === 0 && end === text.length ? [0, 0] : [start, end];
  }

  function rowWords(rows) {
    const words = rows.slice(0, 5).map((row) =>
      Array.isArray(row) ? `${number(row[0])} (line ${number(row[1])})` : number(row));
    const rest = rows.length > 5 ? ` and ${number(rows.length - 5)} more` : "";
    return rows.length ? `${rows.length > 1 ? "Rows" : "Row"} ${words.join(", ")}${rest}` : "";
  }

  const rowNumber = (row) => (Array.isArray(row) ? row[0] : row);

  // --- one customer --------------------------------------------------------------------------

  class Customer {
    constructor(entry, texts) {
      [this.kindNumber, this.standingNumber, this.key, this.name, this.rows, this.cells] = entry;
      this.happened = texts[entry[6]];
      this.toDo = texts[entry[7]];
      this.extras = entry[8];
      this.texts = texts;
      const held = (this.extras.held ?? []).flat();
      const values = this.cells.flatMap((cell) => [cell[1], cell[2], cell[3] ?? "", cell[4] ?? "", cell[5] ?? ""]);
      this.haystack = plain([
        this.key, this.name, ...values.flat(), this.happened, ...held, ...(this.extras.said ?? []), ...(this.extras.ids ?? []),
      ].filter(Boolean).join("\n"));
    }

    get kind() { return head.kinds[this.kindNumber]; }
    get standing() { return head.standings[this.standingNumber]; }
  }

  function card(customer) {
    const {kind, standing, extras} = customer;
    const facts = [
      rowWords(customer.rows) || (extras.absent ? "Not in your file" : ""),
      extras.ids?.length ? `id ${extras.ids.join(", ")}` : "",
    ].filter(Boolean).join(" · ");
    const title = make("h3", "",
      make("span", `kind ${kind}`, make("span", "sign", KIND_MARKS[kind]), ` ${KIND_WORDS[kind]}`), " ",
      data(customer.key, "key"), " ", data(customer.name, "name"));
    return make("article", `customer ${standing}`,
      make("div", "head", title, make("p", "facts", ...visible(facts)),
        make("p", `standing ${standing}`, STANDING_WORDS[standing])),
      customer.happened && make("p", "happened", ...visible(customer.happened)),
      ...(extras.said ?? []).map(word),
      customer.toDo && make("p", "to-do", customer.toDo),
      extras.held && lookAlikes(extras.held),
      customer.cells.length ? fields(customer) : null);
  }

  function word(text) {
    return make("p", "word", make("span", "sign", "!"), " ", ...visible(text));
  }

  function lookAlikes(held) {
    const rows = held.map(([key, name, id, why]) => make("li", "",
      data(key || "no code", key ? "key" : "none"), " ", data(name, "name"), " ",
      make("span", "aside", ...visible(`${why} · id ${id}`))));
    return make("div", "look-alikes", make("p", "", "Looks like, in WizCommerce:"), make("ul", "", ...rows));
  }

  // The titles of the columns that a customer's fields are shown in, in the order of `shownValues`.
  function titles({kind, standing, extras, cells}) {
    const moved = standing === "conflict" && cells.some((cell) => cell[3] !== undefined);
    const now = moved ? ["In WizCommerce now"] : [];
    const after = extras.absent ? "To become" : "From your file";
    if (kind === "delete") return [moved ? "When planned" : "In WizCommerce, to go", ...now];
    if (kind === "create") return [after, ...now];
    if (moved) return ["When planned", "Planned", ...now];
    return standing === "applied" ? ["Before", "After"] : ["In WizCommerce", after];
  }

  function shownValues(kind, [, before, after, now]) {
    if (kind === "delete") return [value(before, null), value(now, before)];
    if (kind === "create") return [value(after, null), value(now, after)];
    return [value(before, after), value(after, before, "cleared"), value(now, before)];
  }

  function fields(customer) {
    const heads = titles(customer);
    const columns = ["Field", ...heads];
    const table = make("table", `fields of-${heads.length}`);
    table.setAttribute("role", "table");
    table.append(make("thead", "", line(columns.map((text) => header(text, "col")))));
    table.append(make("tbody", "", ...customer.cells.map((cell) => fieldLine(customer, cell, heads))));
    return table;
  }

  function line(cells) {
    const row = make("tr", "", ...cells);
    row.setAttribute("role", "row");
    return row;
  }

  function header(content, scope) {
    const node = make("th", "", content);
    node.scope = scope;
    node.setAttribute("role", scope === "col" ? "columnheader" : "rowheader");
    return node;
  }

  function fieldLine({kind, texts}, entry, heads) {
    const [name, , after, , kept, said] = entry;
    const afterAt = ["create", "delete"].includes(kind) ? 0 : 1;
    const cells = shownValues(kind, entry).slice(0, heads.length).map((content, index) => {
      const cell = make("td", index === afterAt ? "after" : "", content);
      cell.setAttribute("role", "cell");
      cell.dataset.title = heads[index];
      return cell;
    });
    if (kept !== null && kept !== undefined) {
      cells[afterAt].append(make("p", "word", make("span", "sign", "!"), " WizCommerce holds: ", value(kept, after)));
    }
    cells[afterAt].append(...(said ?? []).map(word));
    return line([header(label(texts[name]), "row"), ...cells]);
  }

  // The file's column of a field, with the field's own name small beneath.
  function label(field) {
    const column = head.mapped[field];
    const node = make("span", "label", ...visible(column || field));
    if (column && column !== field) node.append(" ", make("span", "field", field));
    if (column === "") node.append(" ", make("span", "field", "set by the mapping"));
    return node;
  }

  // --- finding -------------------------------------------------------------------------------

  // Lower case without accents, so that "muller" finds "Müller".
  function plain(text) {
    const lower = text.toLowerCase();
    // eslint-disable-next-line no-control-regex
    return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
  }

  // What is looked for: `row 14` is that row and no other, else every word must occur.
  class Wanted {
    constructor(text) {
      const asked = plain(text.trim());
      this.row = Number(/^rows? (\d+)$/.exec(asked)?.[1] ?? 0);
      this.words = asked.split(/\s+/).filter(Boolean);
    }

    get any() { return this.words.length > 0; }

    fits(haystack, rows) {
      return this.row ? rows.some((row) => rowNumber(row) === this.row)
        : this.words.every((text) => haystack.includes(text));
    }
  }

  const wanted = () => new Wanted(byId("find").value);
  const customers = [];
  let matches = [];
  let shown = 0;
  let loaded = false;

  function isWanted(customer, {find, standing, kind}) {
    return (!kind || customer.kind === kind)
      && (!standing || (standing === "open" ? OPEN.has(customer.standing) : customer.standing === standing))
      && find.fits(customer.haystack, customer.rows);
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
    const found = matches.length === customers.length ? `${total} customers` : `${number(matches.length)} of ${total} customers`;
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

  // A group that fills itself when it is opened, a part at a time.
  class Group {
    constructor(details, entries, {heads, render, words, rows}) {
      this.details = details;
      this.entries = entries;
      this.heads = heads;
      this.render = render;
      this.rows = rows;
      this.haystacks = entries.map((entry) => plain(words(entry)));
      this.matches = entries;
      this.shown = 0;
      details.addEventListener("toggle", () => { if (details.open && !this.shown) this.more(NEXT); });
    }

    find(what) {
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
      make("td", "row", rowWords(rows.map(([row]) => row)).replace(/^Rows? /, "")),
      make("td", "", key ? data(key, "key") : make("span", "none", "no code")),
      make("td", "", text === null ? "" : value(text, null)),
      make("td", "", why && make("p", "", ...visible(why)), whole));
  }

  // All cells of a row under their columns.
  function wholeRow([row, cells]) {
    const entries = cells.flatMap((cell, at) => cell === "" ? [] : [
      make("dt", "", ...visible(head.columns[at] ?? "No column")), make("dd", "", value(cell, null))]);
    return make("dl", "cells", make("dt", "", rowWords([row])), make("dd", ""), ...entries);
  }

  function rejectWords([rows, key, text, message, hint]) {
    return [key, text ?? "", message, hint, ...rows.flatMap(([, cells]) => cells)].join("\n");
  }

  function absentLine([key, name]) {
    return make("tr", "", make("td", "", data(key, "key")), make("td", "", data(name)));
  }

  // The JSON of all script elements that match, as one list.
  function gather(selector) {
    return [...document.querySelectorAll(selector)].flatMap((script) => JSON.parse(script.textContent));
  }

  // --- the page ------------------------------------------------------------------------------

  const groups = [];
  for (const details of document.querySelectorAll("details.reason")) {
    const entries = gather(`script.reason-rows[data-number="${details.dataset.number}"]`);
    groups.push(new Group(details, entries, {
      heads: ["Row", "Customer", "Value", "More"], render: rejectLine, words: rejectWords,
      rows: ([rows]) => rows.map(([row]) => row),
    }));
  }
  for (const details of document.querySelectorAll("details.absent")) {
    groups.push(new Group(details, gather("script.absent-customers"), {
      heads: ["Customer", "Name"], render: absentLine, words: (entry) => entry.join("\n"), rows: () => [],
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
    if (listed && shown < ON_PAPER) showMore(ON_PAPER - shown);
    let left = ON_PAPER;
    for (const group of groups) {
      if (group.details.hidden || left <= 0) continue;
      group.details.open = true;
      if (group.shown < left) group.more(left - group.shown);
      left -= group.shown;
    }
  });
})();
