"use strict";
/* Builds what the page shows of a customer: every text of the data reaches the page through textContent,
   nothing is ever parsed as markup. */

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

// Where `text` differs from `other`: the start and end of its middle part, between whole characters; nowhere
// where they have little in common.
function difference(text, other) {
  const shorter = Math.min(text.length, other.length);
  let start = 0;
  while (start < shorter && text[start] === other[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && text[text.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  if ((start + tail) * 3 < Math.max(text.length, other.length)) return [0, 0];
  const low = (at) => /[\udc00-\udfff]/.test(text[at] ?? "");
  if (low(start)) start -= 1;
  let end = text.length - tail;
  if (low(end)) end += 1;
  return start === 0 && end === text.length ? [0, 0] : [start, end];
}

const rowNumber = (row) => (Array.isArray(row) ? row[0] : row);
const rowPlace = (row) => (Array.isArray(row) ? row[2] ?? "" : "");

// `Row 5`, `Rows 5, 6 (line 9)`; of another sheet `Ship-to, row 7`.
function rowWords(rows) {
  const places = [...new Set(rows.map(rowPlace))];
  return places.map((place) => {
    const here = rows.filter((row) => rowPlace(row) === place);
    const words = here.slice(0, 5).map((row) =>
      Array.isArray(row) && row[1] !== row[0] ? `${number(row[0])} (line ${number(row[1])})` : number(row[0] ?? row));
    const rest = here.length > 5 ? ` and ${number(here.length - 5)} more` : "";
    const name = here.length > 1 ? "ows" : "ow";
    return `${place ? `${place}, r` : "R"}${name} ${words.join(", ")}${rest}`;
  }).join("; ");
}

// --- one customer --------------------------------------------------------------------------

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
      make("p", `standing ${standing}`, extras.harm ? "Not as was meant" : STANDING_WORDS[standing])),
    customer.happened && make("p", "happened", ...visible(customer.happened)),
    ...(extras.said ?? []).map(word),
    customer.toDo && make("p", "to-do", customer.toDo),
    extras.held && lookAlikes(extras.held),
    customer.cells.length ? fields(customer) : null,
    extras.children && children(customer),
    extras.rejected && rejectedChildren(customer),
    extras.harm && harm(customer));
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

function fieldLine({kind, texts, mapped}, entry, heads) {
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
  return line([header(label(texts[name], mapped), "row"), ...cells]);
}

// The file's column of a field, with the field's own name small beneath.
function label(field, mapped = head.mapped) {
  const column = mapped[field];
  const node = make("span", "label", ...visible(column || field));
  if (column && column !== field) node.append(" ", make("span", "field", field));
  if (column === "") node.append(" ", make("span", "field", "set by the mapping"));
  return node;
}
