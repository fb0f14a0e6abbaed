"use strict";
/* Builds what the page shows of a customer's addresses and contacts, from entries as embedded.py writes them. */

const ACTION_MARKS = {add: "+", change: "≠", remove: "−"};
const ACTION_WORDS = {add: "Add", change: "Change", remove: "Remove"};
const ONE = {addresses: "address", contacts: "contact"};
const BECAME_WORDS = {
  same: "unchanged", changed: "✕ has other values", gone: "✕ is gone", new: "! was not there before",
  not_read: "! could not be read after the write",
};
// The kinds of customers whose fields are shown alike.
const LIKE_KIND = {add: "create", change: "update", remove: "delete"};

class Child {
  constructor(entry, texts) {
    [this.kindNumber, this.actionNumber, this.standingNumber, this.key, this.name, this.rows, this.block, this.cells] = entry;
    this.happened = texts[entry[8]];
    this.extras = entry[9] ?? {};
    this.texts = texts;
  }

  get one() { return ONE[head.child_kinds[this.kindNumber]]; }
  get action() { return head.actions[this.actionNumber]; }
  get standing() { return head.standings[this.standingNumber]; }
  get mapped() { return columnsOf(this.block, this.kindNumber); }

  get words() {
    return [this.key, this.name, this.happened, this.extras.moved, ...(this.extras.said ?? []),
      ...this.cells.flatMap(cellWords)];
  }
}

// The columns of a child's fields: those of its block, or of its kind where it has none.
function columnsOf(block, kindNumber) {
  return head.blocks[block] ?? head.children[head.child_kinds[kindNumber]] ?? {};
}

// The texts of a field's entry that are looked through.
function cellWords([, before, after, now, kept, said]) {
  return [before, after, now, kept, ...(said ?? [])];
}

function children(customer) {
  const entries = customer.children.map((child) => childItem(child, customer));
  const list = make("ul", "children", ...entries);
  list.setAttribute("aria-label", "Addresses and contacts");
  return list;
}

function childItem(child, customer) {
  const {action, standing} = child;
  const title = make("p", "child-head",
    make("span", `kind ${LIKE_KIND[action]}`, make("span", "sign", ACTION_MARKS[action]), ` ${ACTION_WORDS[action]} ${child.one}`), " ",
    data(child.key, "key"), " ", data(child.name, "name"), " ",
    make("span", "facts", ...visible(rowWords(child.rows))));
  // It stands as its customer does, unless said otherwise.
  const apart = standing !== customer.standing ? make("p", `standing ${standing}`, STANDING_WORDS[standing]) : null;
  const own = !child.happened || child.happened === customer.happened ? null : make("p", "happened", ...visible(child.happened));
  return make("li", `child ${action} ${standing}`, make("div", "head", title, apart), own,
    ...(child.extras.said ?? []).map(word),
    action === "change"
      ? fields({kind: "update", standing, extras: {}, cells: child.cells, texts: child.texts, mapped: child.mapped})
      : pairs(child.cells, child.texts, child.mapped, action === "remove" ? 1 : 2));
}

// Fields beside one another, each with one value: of what is added or removed nothing can be compared.
function pairs(cells, texts, mapped, at) {
  const entries = cells.filter((cell) => cell[at] !== "" || cell.length > 3).map((cell) => {
    const [name, , after, , kept, said] = cell;
    const shown = make("dd", "", value(cell[at], null));
    if (kept !== null && kept !== undefined) {
      shown.append(make("p", "word", make("span", "sign", "!"), " WizCommerce holds: ", value(kept, after)));
    }
    shown.append(...(said ?? []).map(word));
    return make("div", "", make("dt", "", ...visible(mapped[texts[name]] || texts[name])), shown);
  });
  return make("dl", "pairs", ...entries);
}

// Addresses and contacts that cannot be used: what the account has of them stays.
function rejectedChildren({extras, texts}) {
  const entries = extras.rejected.map(([kindNumber, rows, text, why]) => make("li", "child rejected",
    make("div", "head",
      make("p", "child-head", make("span", "kind delete", make("span", "sign", "✕"), ` Cannot use ${ONE[head.child_kinds[kindNumber]]}`),
        " ", make("span", "facts", ...visible(rowWords(rows)))),
      make("p", "standing rejected", STANDING_WORDS.rejected)),
    make("p", "happened", ...visible(texts[why]), text && make("span", "", " It has: ", value(text, null)))));
  const more = extras.rejected_more
    ? make("li", "child rejected", `${number(extras.rejected_more)} more cannot be used: see the rows to mend.`) : null;
  const list = make("ul", "children", ...entries, more);
  list.setAttribute("aria-label", "Addresses and contacts that cannot be used");
  return list;
}

// All of a customer's addresses and contacts before and after the account did otherwise than was meant.
function harm({extras, texts}) {
  const heads = ["Before the write", "After the write"];
  const table = make("table", "fields harm of-2", make("caption", "", "What this customer had, and what it has"));
  table.setAttribute("role", "table");
  table.append(make("thead", "", line(["", ...heads].map((text) => header(text, "col")))));
  table.append(make("tbody", "", ...extras.harm.map((entry) => besideLine(entry, texts, heads))));
  return table;
}

function besideLine([kindNumber, id, name, became, cells], texts, heads) {
  const mapped = columnsOf(-1, kindNumber);
  const titles = make("span", "label", data(name, "name"),
    make("span", "field", `${ONE[head.child_kinds[kindNumber]]} ${id}`),
    make("span", `became ${became}`, BECAME_WORDS[became]));
  const shown = became === "changed" ? cells.filter(([, before, after]) => before !== after) : cells;
  const sides = [became === "new", ["gone", "not_read"].includes(became)].map((missing, side) => {
    const content = missing ? make("span", "none", became === "not_read" ? "not read" : "not there")
      : side === 1 && became === "same" ? make("span", "none", "the same")
        : pairsOrEmpty(shown, texts, mapped, side + 1);
    const cell = make("td", side ? "after" : "", content);
    cell.setAttribute("role", "cell");
    cell.dataset.title = heads[side];
    return cell;
  });
  const row = line([header(titles, "row"), ...sides]);
  row.classList.add(became);
  return row;
}

function pairsOrEmpty(cells, texts, mapped, at) {
  const entries = cells.map((cell) => make("div", "",
    make("dt", "", ...visible(mapped[texts[cell[0]]] || texts[cell[0]])),
    make("dd", "", value(cell[at], cell[3 - at]))));
  return make("dl", "pairs", ...entries);
}
