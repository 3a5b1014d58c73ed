// The score sheet: buttons for usual marks, keys, live total, saving by itself, a queue for a minute without a network.
// Without this script the sheet is a plain form with a button that saves and one that files.
"use strict";
{
  const form = document.getElementById("sheet");
  const data = form.dataset;
  const saved = document.getElementById("saved");
  const said = document.getElementById("said");
  const cards = [...form.querySelectorAll(".criterion")];
  const inputs = cards.map((card) => card.querySelector(".mark"));
  const wide = matchMedia("(min-width: 64rem)").matches;
  const PAUSE = 700, AGAIN = 4000, PATIENCE = 15000;

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // ---- the total, exact: whole numbers only -----------------------------------------------------------------------------
  const PLAIN = /^[0-9]{1,9}(?:\.[0-9]{1,12})?$/;
  function fraction(text) {
    const [whole, rest = ""] = text.split(".");
    return [BigInt(whole + rest), 10n ** BigInt(rest.length)];
  }
  const more = ([a, b], [c, d]) => a * d > c * b;
  const markOf = (card) => card.querySelector(".mark").value.trim();
  const isSound = (card) => PLAIN.test(markOf(card)) && !more(fraction(markOf(card)), fraction(card.dataset.max));

  function total() {
    let sum = [0n, 1n];
    for (const card of cards.filter(isSound)) {
      const [w, x] = fraction(card.dataset.weight), [m, y] = fraction(markOf(card)), [t, z] = fraction(card.dataset.max);
      const part = [w * m * z, x * y * t]; // weight × mark ÷ max
      sum = [sum[0] * part[1] + part[0] * sum[1], sum[1] * part[1]];
    }
    const digits = Number(data.digits), scaled = sum[0] * 10n ** BigInt(digits);
    let whole = scaled / sum[1];
    if (data.mode === "half_up" && 2n * (scaled % sum[1]) >= sum[1]) whole += 1n;
    const text = whole.toString().padStart(digits + 1, "0");
    return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  }

  function show() {
    document.getElementById("total").textContent = total();
    document.getElementById("done").textContent = cards.filter(isSound).length;
    for (const card of cards) {
      const mark = markOf(card);
      for (const button of card.querySelectorAll("[data-mark]")) button.setAttribute("aria-pressed", String(button.dataset.mark === mark));
    }
  }

  function fault(card, text) {
    const place = card.querySelector(".field__fault"), input = card.querySelector(".mark");
    place.textContent = text;
    place.hidden = !text;
    if (text) { input.setAttribute("aria-invalid", "true"); card.dataset.lit = "1"; }
    else { input.removeAttribute("aria-invalid"); delete card.dataset.lit; }
  }
  const cardOf = (key) => cards.find((card) => card.dataset.key === key);
  function faults(found) {
    for (const card of cards) fault(card, found[card.dataset.key] ?? "");
    const first = cards.find((card) => found[card.dataset.key]);
    if (first) first.querySelector(".mark").focus();
  }

  // ---- the queue: what is typed stays here until the server has heard it ------------------------------------------------
  const written = () => [...new FormData(form)].filter(([name]) => /^(mark|comment)\./.test(name));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  let version = form.elements.version.value, heard = written(), timer = 0, running = null, stopped = false;
  // `sent` is on its way, or was and nobody answered: it is sent again with its own key, so that the server writes it once.
  // `waiting` is what was typed since.
  let sent = null, waiting = null, leaving = false;

  function keep() {
    try {
      if (sent || waiting) localStorage.setItem(data.store, JSON.stringify({ sent, waiting }));
      else localStorage.removeItem(data.store);
    } catch { /* no room, or not allowed: the page still has it */ }
  }
  function kept() {
    try { return JSON.parse(localStorage.getItem(data.store)) ?? {}; } catch { return {}; }
  }

  function fill(pairs) {
    for (const [name, value] of pairs) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      field.value = value;
      if (name.startsWith("comment.") && value) field.closest("details").open = true;
    }
    show();
  }

  function note(state, text) {
    if (saved.dataset.state === state && saved.dataset.text === text) return;
    saved.dataset.state = state;
    saved.dataset.text = saved.textContent = text;
    if (state === "expired") saved.append(" ", document.getElementById("login-link").content.cloneNode(true));
  }

  function changed() {
    if (stopped) return;
    const pairs = written();
    if (same((waiting ?? sent)?.pairs ?? heard, pairs)) return;
    waiting = { key: newKey(), version, pairs };
    keep();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  function body(item) {
    const made = new FormData();
    made.set("reviewer_no", form.elements.reviewer_no.value);
    made.set("version", item.version);
    made.set("key", item.key);
    for (const [name, value] of item.pairs) made.set(name, value);
    return made;
  }
  const post = (address, item) =>
    fetch(address, { method: "POST", body: body(item), headers: { "X-CSRF": csrf() }, redirect: "manual", keepalive: leaving, signal: AbortSignal.timeout(PATIENCE) });

  // Send all that is typed; returns whether the server has heard everything.
  async function send() {
    clearTimeout(timer);
    while (running) await running;
    while (!stopped && (sent || waiting)) {
      if (!sent) { sent = { ...waiting, version }; waiting = null; keep(); }
      running = sendOne(sent);
      const done = await running;
      running = null;
      if (!done) return false;
    }
    return !stopped;
  }

  async function sendOne(item) {
    if (saved.dataset.state !== "offline" && saved.dataset.state !== "expired") note("saving", data.saySaving);
    let answer;
    try { answer = await post(data.draft, item); } catch { return later("offline", data.sayOffline); }
    if (answer.status === 401 || answer.status === 403) return expired();
    if (answer.status >= 500) return later("offline", data.sayOffline);
    if (!answer.ok) return told(answer);
    const reply = await answer.json();
    version = form.elements.version.value = String(reply.version);
    form.elements.key.value = newKey();
    heard = item.pairs;
    sent = null;
    keep();
    if (!waiting) {
      note("saved", data.saySaved.replace("{time}", reply.saved));
      document.getElementById("total").textContent = reply.total; // the server's number is the one that counts
      for (const card of cards) fault(card, reply.faults[card.dataset.key] ?? "");
    }
    return true;
  }

  function later(state, text) {
    note(state, text);
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN);
    return false;
  }

  // Signed in again in another window: a fresh page has the new token.
  async function expired() {
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
      const page = answer.redirected || !answer.ok ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page?.querySelector('meta[name="csrf"]')?.content;
      const mine = page?.querySelector('[name="reviewer_no"]')?.value === form.elements.reviewer_no.value;
      if (token && mine && token !== csrf()) {
        document.querySelector('meta[name="csrf"]').content = token;
        for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
        clearTimeout(timer);
        timer = setTimeout(send, 0);
        return false;
      }
    } catch { return later("offline", data.sayOffline); }
    return later("expired", data.sayExpired);
  }

  // The server says why not: a newer content (choose one of two), or the sheet is closed (copy what you need).
  async function told(answer) {
    const text = await answer.text();
    if (answer.headers.get("content-type")?.startsWith("text/html")) said.innerHTML = text; // a piece of our own, escaped by the server
    else said.replaceChildren(Object.assign(document.createElement("p"), { id: "told", className: "note note--bad", tabIndex: -1, textContent: text }));
    const box = said.querySelector("#told");
    note("", "");
    stopped = true;
    if (box?.dataset.kind === "conflict") {
      const theirs = JSON.parse(box.dataset.theirs);
      const pairs = Object.entries(theirs).flatMap(([key, [mark, comment]]) => [[`mark.${key}`, mark], [`comment.${key}`, comment]]);
      const choose = (take) => (event) => {
        event.preventDefault();
        event.stopPropagation();
        version = form.elements.version.value = box.dataset.version;
        const mine = written();
        heard = pairs;
        stopped = false;
        sent = waiting = null;
        said.replaceChildren();
        if (take === "theirs") fill(pairs);
        else if (!same(mine, pairs)) waiting = { key: newKey(), version, pairs: mine };
        keep();
        send();
        inputs[0].focus();
      };
      box.querySelector('form[data-take="mine"]').addEventListener("submit", choose("mine"));
      box.querySelector('a[data-take="theirs"]').addEventListener("click", choose("theirs"));
    }
    box?.focus();
    return false;
  }

  // ---- filing ------------------------------------------------------------------------------------------------------------
  let filing = false, filed = null;
  async function file() {
    if (filing || stopped) return;
    const missing = {};
    for (const card of cards) {
      if (!markOf(card)) missing[card.dataset.key] = data.sayMissing;
      else if (!isSound(card)) missing[card.dataset.key] = data.sayNumber.replace("{max}", card.dataset.max);
    }
    faults(missing);
    if (Object.keys(missing).length) return;
    filing = true;
    await fileOnce();
    filing = false;
  }

  async function fileOnce() {
    clearTimeout(timer);
    while (running) await running;
    if (stopped || (sent && !(await send()))) { if (!stopped && saved.dataset.state === "offline") note("offline", data.sayWaiting); return; }
    // The same filing again, because nobody answered, has the same key.
    const pairs = written();
    if (!filed || filed.version !== version || !same(filed.pairs, pairs)) filed = { key: newKey(), version, pairs };
    if (!same(heard, pairs)) { waiting = { key: newKey(), version, pairs }; keep(); }
    let answer;
    try { answer = await post(data.file, filed); } catch { later("offline", data.sayWaiting); return; }
    if (answer.status === 401 || answer.status === 403) { await expired(); return; }
    if (answer.status === 422) { faults((await answer.json()).faults); changed(); return; }
    if (answer.status >= 500) { later("offline", data.sayWaiting); return; }
    if (!answer.ok) { await told(answer); return; }
    stopped = true;
    sent = waiting = null;
    keep();
    location.assign((await answer.json()).next);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.id === "save") { changed(); send(); } else file();
  });

  // ---- typing ------------------------------------------------------------------------------------------------------------
  const onward = (input) => {
    const after = inputs[inputs.indexOf(input) + 1] ?? document.getElementById("file");
    after.focus();
    after.select?.();
  };
  form.addEventListener("input", (event) => {
    const card = event.target.closest(".criterion");
    if (card && event.target.matches(".mark")) {
      const mark = markOf(card);
      if (!mark || isSound(card)) fault(card, "");
    }
    show();
    changed();
  });
  form.addEventListener("change", (event) => {
    const card = event.target.closest(".criterion");
    if (!card || !event.target.matches(".mark")) return;
    const mark = markOf(card);
    fault(card, mark && !isSound(card) ? data.sayNumber.replace("{max}", card.dataset.max) : "");
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    const card = button.closest(".criterion");
    card.querySelector(".mark").value = button.dataset.mark;
    fault(card, "");
    show();
    changed();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); file(); return; }
    if (!event.target.matches(".mark")) return;
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); onward(event.target); }
    if (event.key === "/") {
      event.preventDefault();
      const comment = event.target.closest(".criterion").querySelector(".comment");
      comment.open = true;
      comment.querySelector("textarea").focus();
    }
  });
  window.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
  window.addEventListener("pagehide", () => { leaving = true; if (waiting && !sent && !stopped) send(); }); // it arrives, or stays here
  window.addEventListener("pageshow", () => { leaving = false; });
  for (const link of document.querySelectorAll('a[href="#decline"]')) link.addEventListener("click", () => { document.getElementById("decline").open = true; });

  // ---- begin -------------------------------------------------------------------------------------------------------------
  for (const box of document.querySelectorAll("[data-open-wide]")) box.open = wide;
  for (const summary of form.querySelectorAll("summary")) if (wide || summary.closest(".comment")) summary.tabIndex = -1; // "/" opens the comment; Tab goes to the next mark
  ({ sent = null, waiting = null } = kept());
  const unsent = (waiting ?? sent)?.pairs;
  if (unsent) {
    fill(unsent);
    announce(data.sayKept);
    send();
  }
  show();
  if (matchMedia("(pointer: fine)").matches && !document.querySelector('[aria-invalid="true"]')) {
    (inputs.find((input) => !input.value) ?? inputs[0]).focus();
  }
}
