// The wizard: a running sum under weights, and while one types who would qualify, how many seats, and when. The server decides.
"use strict";
{
  // Exact sums of decimals without floats: as whole numbers of the smallest place.
  const PLACES = 12n;
  const units = (text) => {
    const found = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text.trim());
    return found ? BigInt(found[1]) * 10n ** PLACES + BigInt((found[2] ?? "").padEnd(Number(PLACES), "0")) : null;
  };
  const shown = (sum) => {
    const text = sum.toString().padStart(Number(PLACES) + 1, "0");
    return (text.slice(0, -12) + "." + text.slice(-12)).replace(/\.?0+$/, "");
  };
  for (const box of document.querySelectorAll("[data-sum]")) {
    const place = box.querySelector(".sum"), template = place.textContent.trim();
    const count = () => {
      let sum = 0n;
      for (const field of box.querySelectorAll("input.weight")) sum += units(field.value) ?? 0n;
      place.textContent = template.replace(/[\d.]+(?=\s*\/)/, shown(sum));
      place.dataset.whole = sum === 100n * 10n ** PLACES ? "yes" : "no";
    };
    box.addEventListener("input", count);
    count();
  }

  const answer = document.querySelector("[data-answer]"), form = document.querySelector("form[data-draft]");
  if (answer && form) {
    let timer = 0, under = null;
    const ask = async () => {
      under?.abort();
      under = new AbortController();
      answer.setAttribute("aria-busy", "true");
      try {
        const came = await fetch(answer.dataset.answer, {
          method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-CSRF": csrf() }, signal: under.signal,
        });
        if (came.ok) {
          const open = answer.querySelector("details")?.open;
          answer.innerHTML = await came.text();
          if (open) answer.querySelector("details")?.setAttribute("open", "");
        }
      } catch (error) {
        if (error.name !== "AbortError") answer.dataset.stale = "1";
      } finally {
        answer.removeAttribute("aria-busy");
      }
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 400); });
  }
}
