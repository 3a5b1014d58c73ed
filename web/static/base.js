// Small helps on every page; each page works without them. How a page asks for one:
//
//   <time datetime="2026-10-21T10:00:00+00:00" data-countdown>10月21日（周三）18:00</time>
//       puts "（还有 2 天 3 小时）" behind it, by the server's clock; `parts.instant(at, zone, countdown=true)` writes it.
//   <table data-sort> … <th>姓名</th><th data-sort="none">操作</th>
//       every head becomes a button that sorts. A cell sorts by its data-value, else by its <time>, else by its text;
//       a column of numbers exactly (no floats), others as Chinese by pinyin; "—" and empty cells come last.
//       <th data-sort="desc"> begins with the largest. <tr data-with-above> stays under its row.
//   <input type="search" data-filter="ID"> and <select data-filter="ID" data-by="state">
//       show only those rows (or list items) of the table or list with that id that have all words typed, or whose
//       data-state is what was chosen. `parts.filter("ID", _("…"))` writes one. <output data-count="ID"></output> says
//       "3 / 24". What needs a script has class "needs-script": it is not there without one.
//   <form data-confirm="…"> or <button data-confirm="…">
//       asks in a dialog before it is sent; the button in the dialog says what the button says. A deed that harms has a
//       page of its own with a preview; this is for the small ones.
//   <form data-guard>
//       asks before leaving what was typed and not sent.
//   <div data-part="/path"><a href="/path">…</a></div>
//       fetches a slow part of the page when everything else is there, grey lines meanwhile; the link is what stands there
//       without a script, and when it fails. Here is also `loadPart(element, address)`.
//   <button type="button" class="needs-script" data-print>          prints the page.
//   <input type="checkbox" class="needs-script" data-tick="name">   ticks all boxes of that name in its form or table.
//   <form data-again>                                               may be sent again at once (it gives a file).
//
// For the scripts of pages: `csrf()`, `serverNow()` (milliseconds), `words` (dataset of base.html's words), `enhance(root)`
// for what came in later, `announce(text)` for what only a screen reader would miss. A page's script puts its own names
// in a block { … }: names at the top are shared by all scripts.
"use strict";

// The token that a POST by script carries in its header X-CSRF.
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";
const words = document.getElementById("words")?.dataset ?? {};
const told = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

// The server's clock: a wrong clock here must not move a deadline.
const ahead = told("now") ? Date.parse(told("now")) - Date.now() : 0;
const serverNow = () => Date.now() + ahead;

function announce(text) {
  let place = document.getElementById("announced");
  if (!place) {
    place = Object.assign(document.createElement("div"), { id: "announced", className: "visually-hidden" });
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text;
}

{ // ---- sending -------------------------------------------------------------------------------------------------------
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('button[aria-disabled="true"]')) button.removeAttribute("aria-disabled");
  };
  // A second click on a form that is on its way does no harm.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    setTimeout(release, 10000, form); // the answer was a file, or never came
  });
  // Coming back by the browser's button, the form may be sent again.
  window.addEventListener("pageshow", () => { for (const form of document.forms) release(form); });

  // Before a small harm: a dialog. It runs before the listener above, which sees that the sending was put off.
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", button?.textContent.trim() || words.sure);
    const text = Object.assign(document.createElement("p"), { textContent: question });
    const row = Object.assign(document.createElement("div"), { className: "actions" });
    const no = Object.assign(document.createElement("button"), { type: "button", textContent: words.cancel });
    const yes = Object.assign(document.createElement("button"), { type: "button", textContent: button?.textContent.trim() || words.sure });
    yes.className = "button--main";
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => {
      form.dataset.confirmed = "1";
      dialog.close();
      form.requestSubmit(button ?? undefined);
      delete form.dataset.confirmed;
    });
    dialog.addEventListener("close", () => { dialog.remove(); button?.focus(); });
    row.append(yes, no);
    dialog.append(text, row);
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  }, true);

  // What was typed and not sent is not left without a question.
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) form.dataset.changed = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-changed]:not([data-sent])")) event.preventDefault();
  });
}

{ // ---- times ---------------------------------------------------------------------------------------------------------
  const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const language = document.documentElement.lang;
  const amount = (number, unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number).replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
  const span = (milliseconds) => {
    const days = Math.floor(milliseconds / DAY), hours = Math.floor(milliseconds / HOUR) % 24, minutes = Math.floor(milliseconds / MINUTE) % 60;
    if (days >= 10) return amount(days, "day");
    if (days) return hours ? `${amount(days, "day")} ${amount(hours, "hour")}` : amount(days, "day");
    if (hours) return minutes ? `${amount(hours, "hour")} ${amount(minutes, "minute")}` : amount(hours, "hour");
    return amount(Math.max(minutes, 1), "minute");
  };
  const away = (instant) => {
    const left = instant - serverNow();
    return (left > 0 ? words.left : words.past)?.replace("{time}", span(Math.abs(left))) ?? "";
  };
  globalThis.countdowns = (root) => {
    for (const time of root.querySelectorAll("time[data-countdown]")) {
      let place = time.nextElementSibling;
      if (!place?.classList.contains("away")) {
        place = Object.assign(document.createElement("span"), { className: "away" });
        time.after(place);
      }
      const text = away(Date.parse(time.dateTime));
      if (place.textContent !== text) place.textContent = text;
    }
  };
  setInterval(() => globalThis.countdowns(document), 15e3);
}

{ // ---- tables: sort and filter ---------------------------------------------------------------------------------------
  const NUMBER = /^[-−+]?[\d,]*\.?\d+%?$/, NOTHING = new Set(["", "—", "–", "-"]);
  const collator = new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true });

  // Exact: "80.10" and "80.1" are the same, and no digit is lost on the way.
  function compareNumbers(one, other) {
    const parts = [one, other].map((text) => text.replace(/[,%+]/g, "").replace("−", "-").split("."));
    const places = Math.max(...parts.map(([, after = ""]) => after.length));
    const [a, b] = parts.map(([before, after = ""]) => BigInt((before === "-" ? "-0" : before || "0") + after.padEnd(places, "0")));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  function valueOf(cell) {
    if (!cell) return "";
    const given = cell.dataset.value ?? cell.querySelector("time")?.dateTime ?? cell.textContent;
    return NOTHING.has(given.trim()) ? "" : given.trim();
  }
  function sortBy(table, column, head) {
    const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : head.dataset.sort === "desc";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    for (const body of table.tBodies) {
      const groups = [];
      for (const row of body.rows) {
        if ("withAbove" in row.dataset && groups.length) groups.at(-1).rows.push(row);
        else groups.push({ value: valueOf(row.cells[column]), rows: [row] });
      }
      const known = groups.filter((group) => group.value !== "");
      const compare = known.every((group) => NUMBER.test(group.value)) ? compareNumbers : collator.compare;
      known.sort((a, b) => (down ? -1 : 1) * compare(a.value, b.value));
      for (const group of [...known, ...groups.filter((g) => g.value === "")]) body.append(...group.rows);
    }
  }
  function sortable(table) {
    if (table.dataset.ready || !table.tHead) return;
    table.dataset.ready = "1";
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.dataset.sort === "none" || !head.textContent.trim() || head.querySelector("button, a, input")) return;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "sorter" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, column, head));
    });
  }

  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const items = (target) => target.tBodies ? [...target.tBodies].flatMap((body) => [...body.rows]) : [...target.children];
  function filter(id) {
    const target = document.getElementById(id);
    if (!target) return;
    const wishes = [...document.querySelectorAll(`[data-filter="${CSS.escape(id)}"]`)];
    let shown = 0, all = 0, last = false;
    for (const item of items(target)) {
      if ("withAbove" in item.dataset) { item.hidden = !last; continue; }
      const text = folded(item.textContent);
      last = wishes.every((wish) =>
        wish.dataset.by
          ? !wish.value || (item.dataset[wish.dataset.by] ?? "").split(" ").includes(wish.value)
          : folded(wish.value).split(/\s+/).every((word) => text.includes(word)));
      item.hidden = !last;
      all += 1;
      shown += last;
    }
    const said = (words.shown ?? "").replace("{n}", shown).replace("{all}", all);
    for (const count of document.querySelectorAll(`[data-count="${CSS.escape(id)}"]`)) count.textContent = said;
    announce(said);
  }
  document.addEventListener("input", (event) => { if (event.target.dataset?.filter) filter(event.target.dataset.filter); });
  // Enter in a search box of this page sends no form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("input[data-filter]")) event.preventDefault();
  });
  globalThis.tables = (root) => {
    root.querySelectorAll("table[data-sort]").forEach(sortable);
    root.querySelectorAll("[data-filter]").forEach((wish) => { if (wish.value) filter(wish.dataset.filter); }); // the browser kept it
  };
}

{ // ---- small buttons -------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    const all = event.target;
    if (!all.dataset?.tick) return;
    for (const box of (all.closest("form, table") ?? document).querySelectorAll(`input[type="checkbox"][name="${CSS.escape(all.dataset.tick)}"]`)) {
      if (box.disabled || box.closest("[hidden]") || box.checked === all.checked) continue;
      box.checked = all.checked;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

{ // ---- what scrolls sideways can be scrolled by keys ------------------------------------------------------------------
  const reach = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls === box.hasAttribute("tabindex")) return;
    if (scrolls) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", box.querySelector("caption")?.textContent.trim() || words.table);
    } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  };
  const watcher = typeof ResizeObserver === "undefined" ? null : new ResizeObserver((seen) => seen.forEach((one) => reach(one.target)));
  globalThis.boxes = (root) => root.querySelectorAll(".table-wrap, .scroll").forEach((box) => { reach(box); watcher?.observe(box); });
}

// ---- parts -------------------------------------------------------------------------------------------------------------
async function loadPart(element, address = element.dataset.part) {
  const before = [...element.childNodes];
  element.setAttribute("aria-busy", "true");
  const lines = Array.from({ length: 3 }, () => Object.assign(document.createElement("div"), { className: "skeleton" }));
  const waiting = setTimeout(() => element.replaceChildren(...lines), 150); // what comes at once does not flicker
  try {
    const answer = await fetch(address, { headers: { "X-Part": "1" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    clearTimeout(waiting);
    element.replaceChildren(...page.body.childNodes);
    enhance(element);
  } catch {
    clearTimeout(waiting);
    element.replaceChildren(...before);
  } finally {
    element.removeAttribute("aria-busy");
  }
}

function enhance(root) {
  globalThis.countdowns(root);
  globalThis.tables(root);
  globalThis.boxes(root);
  for (const element of root.querySelectorAll("[data-part]")) loadPart(element);
}
enhance(document);

{ // ---- whoever types is not away -------------------------------------------------------------------------------------
  const idle = Number(told("idle")) * 60e3; // 0: nobody is signed in
  let asked = Date.now();
  const stay = () => { asked = Date.now(); return fetch("/still-here", { headers: { "X-CSRF": csrf() } }).catch(() => {}); };
  if (idle) {
    document.addEventListener("input", () => { if (Date.now() - asked > idle / 6) stay(); });
    setInterval(() => {
      const note = document.getElementById("idle-note");
      if (note) note.hidden = Date.now() - asked < idle - 3 * 60e3;
    }, 15e3);
    document.getElementById("stay")?.addEventListener("click", () => { stay(); document.getElementById("idle-note").hidden = true; });
  }
}

// The first fault takes the focus.
document.querySelector('[aria-invalid="true"]')?.focus();
