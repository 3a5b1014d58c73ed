// The arithmetic of a score sheet, exact as on the server: whole numbers only. For sheet.js.
"use strict";
globalThis.sheetSums = (() => {
  const PLAIN = /^[0-9]{1,9}(?:\.[0-9]{1,12})?$/, WIDE = /[\uff10-\uff19\uff0e\u3002]/;

  // A decimal as a fraction: [numerator, denominator].
  function fraction(text) {
    const [whole, rest = ""] = text.split(".");
    return [BigInt(whole + rest), 10n ** BigInt(rest.length)];
  }
  const more = ([a, b], [c, d]) => a * d > c * b;
  const isMultiple = ([a, b], [c, d]) => (a * d) % (b * c) === 0n;

  // What is wrong with a mark, as `forms/sheets.py` has it: the name of a text, or "" for a sound one.
  function wrong(mark, { max, step, decimals }) {
    if (!mark) return "missing";
    if (WIDE.test(mark)) return "wide";
    if (!PLAIN.test(mark)) return "number";
    if (more(fraction(mark), fraction(max))) return "most";
    if (step) return isMultiple(fraction(mark), fraction(step)) ? "" : "step";
    return (mark.split(".")[1] ?? "").length > decimals ? "decimals" : "";
  }

  // The total of parts { weight, mark, max }, rounded as the policy says.
  function total(parts, { digits: places, mode }) {
    const digits = Number(places);
    let [a, b] = [0n, 1n];
    for (const part of parts) {
      const [w, x] = fraction(part.weight), [m, y] = fraction(part.mark), [t, z] = fraction(part.max);
      [a, b] = [a * x * y * t + w * m * z * b, b * x * y * t]; // + weight × mark ÷ max
    }
    const scaled = a * 10n ** BigInt(digits);
    let whole = scaled / b;
    if (mode === "half_up" && 2n * (scaled % b) >= b) whole += 1n;
    const text = whole.toString().padStart(digits + 1, "0");
    return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  }

  return { wrong, total };
})();
