// What is typed into a score sheet, on its way to the server. For sheet.js.
//
// `#saved` shows where it stands (data-state):
//   saving   typed; the pause is not over, or the answer is not there
//   saved    the server has heard everything
//   offline  nobody answered, or what answered was not the server: tried again every AGAIN ms, and when a network is back
//   expired  nobody is signed in: tried again as soon as a fresh page of the same reviewer brings a new token
//   (none)   nothing to say; or stopped: the server refused, and why stands in `#said`, with a choice if two contents differ
//
// Three places, one request at a time. `waiting` is what was typed last. `sent` is on its way, or was and nobody answered:
// it goes again with its own key, so that the server writes it once. `filing` is the reviewer's wish to file: it goes once
// nothing is `sent`, again with its own key until there is an answer; typing something else takes it back.
// `sent` and `waiting` lie in localStorage until the server has heard them; what is found there later is sent with the
// version that it was typed over, so that a newer content from elsewhere is shown beside it and not written over.
"use strict";
globalThis.sheetSaving = (form, page) => {
  const PAUSE = 700, AGAIN = 4000, PATIENCE = 15000, BUSY = [408, 425, 429];
  const data = form.dataset, saved = document.getElementById("saved"), said = document.getElementById("said"), me = newKey();
  const fields = [...form.querySelectorAll('[name^="mark."], [name^="comment."]')];
  const written = () => fields.map((field) => [field.name, field.value]);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // What the page came with: typed by somebody faster than this script is not yet heard, nor is a page with faults.
  const came = { version: Number(form.elements.version.value), pairs: fields.map((field) => [field.name, "unheard" in data ? null : field.defaultValue]) };
  let { version, pairs: heard } = came, savedText = saved.textContent;
  let waiting = null, sent = null, filing = null, filed = null;
  let run = null, timer = 0, stopped = false, leaving = false, safe = true;

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // ---- what this browser keeps -------------------------------------------------------------------------------------------
  function kept() {
    try { return JSON.parse(localStorage.getItem(data.store)) ?? {}; } catch { return {}; }
  }
  function keep() {
    try {
      if (sent || waiting) localStorage.setItem(data.store, JSON.stringify({ by: me, sent, waiting }));
      else if (kept().by === me) localStorage.removeItem(data.store); // another window's stays
      safe = true;
    } catch { safe = false; } // no room, or not allowed
  }

  // ---- what is shown -----------------------------------------------------------------------------------------------------
  const inTrouble = () => ["offline", "expired"].includes(saved.dataset.state);
  function note(state, text) {
    if (saved.dataset.state === state && saved.dataset.text === text) return;
    const before = inTrouble();
    saved.dataset.state = state;
    saved.dataset.text = saved.textContent = text;
    if (state === "expired") saved.append(" ", document.getElementById("login-link").content.cloneNode(true));
    if (inTrouble() || (before && state === "saved")) announce(text); // each save as well would be too much to listen to
  }
  const busy = (text) => { if (!inTrouble()) note("saving", text); };
  const rest = () => { if (!stopped) note(savedText ? "saved" : "", savedText); };

  // Nothing more can be done for now: the page is the reviewer's again, and what is kept is tried again later.
  function later(state = "offline") {
    page.lock(false);
    keep(); // another window may have written over it
    note(state, state === "expired" ? data.sayExpired : !safe ? data.sayUnsafe : filing ? data.sayWaiting : data.sayOffline);
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN);
    return false;
  }

  // ---- typing and filing -------------------------------------------------------------------------------------------------
  function take() {
    const pairs = written();
    if (filing && !same(filing.pairs, pairs)) filing = null;
    if (same((waiting ?? sent)?.pairs ?? heard, pairs)) return false;
    waiting = { key: newKey(), version, pairs };
    keep();
    return true;
  }
  function changed() {
    if (stopped) return;
    const wished = filing;
    if (!take() && wished === filing) return;
    busy(data.saySaving);
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }
  function file() {
    if (stopped) { said.querySelector("#told")?.focus(); return; }
    take();
    const pairs = written(), again = filed?.version === version && same(filed.pairs, pairs);
    filing = filed = again ? filed : { key: newKey(), version: null, pairs };
    page.lock(true);
    busy(data.sayFiling);
    send();
  }

  // ---- sending: one after the other ---------------------------------------------------------------------------------------
  function send() {
    clearTimeout(timer);
    run ??= sendAll().finally(() => { run = null; });
    return run;
  }
  async function sendAll() {
    while (!stopped && (sent || waiting || filing)) if (!(await (filing && !sent ? fileOne() : saveOne()))) return;
    rest();
  }

  // Return an answer with its text; null if nobody answered in time, or only half.
  async function ask(address, options = {}) {
    const limit = new AbortController(), clock = setTimeout(() => limit.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { ...options, signal: limit.signal });
      const status = answer.type === "opaqueredirect" ? 401 : answer.status; // sent away to sign in
      const isPage = (answer.headers.get("content-type") ?? "").startsWith("text/html");
      return { status, isPage, redirected: answer.redirected, text: await answer.text() };
    } catch { return null; } finally { clearTimeout(clock); }
  }
  function post(address, item) {
    const body = new FormData();
    const rest = [["reviewer_no", form.elements.reviewer_no.value], ["version", item.version], ["key", item.key]];
    for (const [name, value] of [...rest, ...item.pairs]) body.set(name, value);
    return ask(address, { method: "POST", body, headers: { "X-CSRF": csrf() }, redirect: "manual", keepalive: leaving });
  }
  const readable = (text) => { try { return JSON.parse(text); } catch { return null; } };

  // Do with an answer what each answer needs; `whenGood` gets what a good one says. Returns whether to go on at once.
  async function judge(answer, whenGood) {
    if (!answer || answer.status >= 500 || BUSY.includes(answer.status)) return later();
    if (answer.status === 401 || answer.status === 403) return signedInAgain();
    const reply = [200, 422].includes(answer.status) ? readable(answer.text) : null;
    if (reply) return whenGood(reply);
    return answer.status === 200 ? later() : told(answer); // a network that wants to be signed in to says 200 as well
  }

  async function saveOne() {
    if (!sent) { sent = { ...waiting, version }; waiting = null; keep(); }
    busy(data.saySaving);
    return judge(await post(data.draft, sent), (reply) => {
      version = reply.version;
      heard = sent.pairs;
      sent = null;
      savedText = data.saySaved.replace("{time}", reply.saved);
      if (version < came.version && !waiting) { // it had been heard before this page came, and something newer since
        ({ version, pairs: heard } = came);
        page.fill(heard);
      } else if (!waiting) page.heard(reply);
      keep();
      return true;
    });
  }

  async function fileOne() {
    filing.version ??= version;
    return judge(await post(data.file, filing), (reply) => {
      filing = null;
      if (reply.faults) {
        page.lock(false);
        page.faults(reply.faults);
        return true;
      }
      stopped = true;
      sent = waiting = null;
      keep();
      location.assign(reply.next);
      return false;
    });
  }

  // Somebody signed in again in another window: a fresh page has the new token.
  async function signedInAgain() {
    const answer = await ask(location.href);
    if (!answer || answer.status >= 500) return later();
    const fresh = answer.status === 200 && !answer.redirected ? new DOMParser().parseFromString(answer.text, "text/html") : null;
    const token = fresh?.querySelector('meta[name="csrf"]')?.content;
    const mine = fresh?.querySelector("[data-reviewer]")?.dataset.reviewer === form.elements.reviewer_no.value;
    if (!token || !mine || token === csrf()) return later("expired");
    document.querySelector('meta[name="csrf"]').content = token;
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
    return true;
  }

  // ---- refused: a newer content (choose one of two), or the sheet is closed (copy what is needed) ---------------------------
  function told({ isPage, text }) {
    const piece = isPage ? new DOMParser().parseFromString(text, "text/html").getElementById("told") : null;
    if (isPage && !piece) return later(); // somebody else's page
    const box = piece ?? Object.assign(document.createElement("p"), { id: "told", className: "note note--bad", tabIndex: -1, textContent: text });
    stopped = true;
    filing = null;
    page.lock(false);
    note("", "");
    said.replaceChildren(box);
    if (box.dataset.kind === "conflict") offer(box);
    box.focus();
    return false;
  }
  function offer(box) {
    const theirs = Object.entries(JSON.parse(box.dataset.theirs)).flatMap(([key, [mark, comment]]) => [[`mark.${key}`, mark], [`comment.${key}`, comment]]);
    const choose = (event) => {
      event.preventDefault();
      event.stopPropagation();
      version = Number(box.dataset.version);
      heard = theirs;
      savedText = box.dataset.saved;
      stopped = false;
      sent = waiting = null;
      said.replaceChildren();
      if (event.type === "click") page.fill(theirs);
      take();
      keep();
      send();
      page.begin();
    };
    box.querySelector('form[data-take="mine"]').addEventListener("submit", choose);
    box.querySelector('a[data-take="theirs"]').addEventListener("click", choose);
  }

  // ---- coming and going --------------------------------------------------------------------------------------------------
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    leaving = document.visibilityState === "hidden"; // a phone may never say more than this
    send();
  });
  window.addEventListener("pagehide", () => { leaving = true; send(); }); // it arrives, or lies here until the sheet is opened again
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // as it was left, not as it is
  window.addEventListener("beforeunload", (event) => { if (!safe && (sent || waiting)) event.preventDefault(); });

  function begin() {
    ({ sent = null, waiting = null } = kept());
    if (same((waiting ?? sent)?.pairs, came.pairs)) sent = waiting = null; // it had arrived
    const unsent = waiting ?? sent;
    if (unsent) {
      version = (sent ?? waiting).version;
      page.fill(unsent.pairs);
      announce(data.sayKept);
    }
    keep();
    if (unsent) send();
    else changed();
  }

  return { begin, changed, file, send };
};
