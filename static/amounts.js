/* Amounts: read and written as models/money.py does, checked for the thousandfold slip by the
   numbers that the page carries, and the field in which they are typed. */
(() => {
  "use strict";
  /* ---- Pure functions; the tests call them in a browser without a page of ours ---- */
  const MARKS = { vi: [".", ","], en: [",", "."] };
  const PLACES = { dong: 0, nghin: 3, trieu: 6 };
  /* a Map knows these words alone; an object would know "constructor" as well */
  const WORDS = new Map(Object.entries({
    dong: 0, d: 0, "₫": 0, vnd: 0, nghin: 3, ngan: 3, k: 3, thousand: 3,
    trieu: 6, tr: 6, trd: 6, million: 6, ty: 9, ti: 9, billion: 9,
  }));
  const MILLION = { vi: "triệu", en: "million" };
  const MOST = 10n ** 15n - 1n;
  const fold = (text) =>
    text.normalize("NFKC").replaceAll("\u0345", "ι").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[đð]/g, "d").replace(/\s+/g, " ").trim();
  /* what the server's strip() takes off: all spaces, the separators of old files among them */
  const AROUND = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;
  const plain = (text) =>
    text
      .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replace(/[\u00a0\u2007\u2009\u202f\u3000]/g, " ")
      .replace(/[\u2010-\u2013\u2212]/g, "-")
      .replace(/[\u200b\u200e\u200f\u202a\u202c\u2060\ufeff]/g, "")
      .replace(AROUND, "")
      .normalize("NFC");
  /* the places of what one counts, undefined for a word that is none, such as a Roman numeral */
  const counted = (word) => (/^(?:\p{L}+|₫)$/u.test(word) ? WORDS.get(fold(word)) : undefined);
  const TYPED = /^([-(]?) ?(\d[\d., ]*?)(?: ?(\p{L}+|₫)(?: ?(₫)| (\p{L}+))?\.?)? ?(\)?)$/u;
  const bare = (digits) => digits.replace(/^0+(?=\d)/, "");
  const unclear = (whole, decimals, places, word, language) => {
    const behind = word ? ` ${word}` : "";
    return {
      why: "unclear",
      plain: bare(whole + decimals) + behind,
      decimal: whole + MARKS[language][1] + decimals + (places ? behind : ` ${MILLION[language]}`),
    };
  };
  const REFUSED = { why: "refused" };
  const number = (body, places, word, language) => {
    const [group, decimal] = MARKS[language];
    for (const mark of [group, decimal, " "]) {
      const rest = { ".": ",", ",": ".", " ": ".," }[mark];
      const found = new RegExp(`^([1-9]\\d{0,2}(?:[${mark}]\\d{3}){1,12})(?:[${rest}](\\d{1,12}))?$`).exec(body);
      if (found && (found[2] || body.split(mark).length > 2 || mark === " ")) return { whole: found[1].replace(/\D/g, ""), decimals: found[2] ?? "" };
    }
    if (/^\d{1,40}$/.test(body)) return { whole: body, decimals: "" };
    const one = /^(\d{1,40})([.,])(\d{1,12})$/.exec(body);
    if (!one) return REFUSED;
    const [, whole, mark, decimals] = one;
    const couldGroup = /^[1-9]\d{0,2}$/.test(whole) && decimals.length === 3;
    if (!places && couldGroup && mark === group) return { whole: whole + decimals, decimals: "" };
    if (!(!places && couldGroup) && (mark === decimal || (word && places && !couldGroup))) return { whole, decimals };
    return unclear(whole, decimals, places, word, language);
  };
  /* { dong: 12500000n }, or why it is no amount: empty, refused, unclear (with both readings),
     fraction, finer, large, negative */
  const read = (text, unit = "dong", language = "vi", signed = true) => {
    const typed = plain(text);
    if (!typed || counted(typed) === 0) return { why: "empty" };
    const found = TYPED.exec(typed);
    if (!found) return REFUSED;
    const [, sign, body, word = "", dong, second, close] = found;
    let places = PLACES[unit];
    if (word) {
      places = counted(word);
      if (places === undefined || ((dong || second) && (!places || counted(dong ?? second) !== 0))) return REFUSED;
    }
    if ((sign === "(") !== Boolean(close)) return REFUSED;
    const told = number(body, places, word, language);
    if (told.why) return told;
    const decimals = told.decimals.replace(/0+$/, "");
    if (decimals.length > 6 && decimals.length > places) {
      const kept = decimals.slice(0, places);
      return { why: "finer", example: told.whole + (kept && MARKS[language][1] + kept) + (word && ` ${word}`) };
    }
    if (decimals.length > places) return { why: "fraction", example: `${told.whole}${MARKS[language][1]}${told.decimals} ${MILLION[language]}` };
    const amount = BigInt(told.whole + decimals.padEnd(places, "0"));
    if (amount > MOST) return { why: "large" };
    if (sign && amount && !signed) return { why: "negative" };
    return { dong: sign ? -amount : amount };
  };
  const group = (digits, language = "vi") => String(digits).replace(/\B(?=(\d{3})+(?!\d))/g, MARKS[language][0]);
  const write = (dong, unit = "dong", language = "vi") => {
    if (unit === "dong") return group(dong, language);
    const places = PLACES[unit];
    const sign = dong < 0n ? "-" : "";
    const digits = String(dong < 0n ? -dong : dong).padStart(places + 1, "0");
    const decimals = digits.slice(-places).replace(/0+$/, "");
    return sign + digits.slice(0, -places) + (decimals ? MARKS[language][1] + decimals : "");
  };
  /* The amount probably meant where this one is suspect (V8), else null: models/money.py has the
     rule, the page its two numbers */
  const meant = (dong, { plan = 0n, last = 0n, ratio, slip }) => {
    const size = dong < 0n ? -dong : dong;
    const known = [plan, last].map((one) => (one < 0n ? -one : one)).filter((one) => one > 0n);
    if (!size) return null;
    const fits = plan > 0n && plan < size && size <= slip * plan;
    if (fits || known.some((one) => size >= ratio * one)) return (dong < 0n ? -1n : 1n) * (size / slip);
    if (known.some((one) => ratio * size <= one)) return dong * slip;
    return null;
  };
  /* Vietnamese words of a whole number, as accountants write them out */
  const NAMES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
  const spellThree = (n, full) => {
    const [h, t, u] = [Math.trunc(n / 100), Math.trunc(n / 10) % 10, n % 10];
    const said = h || full ? [NAMES[h], "trăm"] : [];
    if (t === 0 && u) said.push(...(h || full ? ["linh"] : []), NAMES[u]);
    if (t === 1) said.push("mười", ...(u ? [u === 5 ? "lăm" : NAMES[u]] : []));
    if (t > 1) said.push(NAMES[t], "mươi", ...(u ? [{ 1: "mốt", 4: "tư", 5: "lăm" }[u] ?? NAMES[u]] : []));
    return said;
  };
  const spell = (value, full = false) => {
    if (value >= 1000000000n) {
      const below = value % 1000000000n;
      return [...spell(value / 1000000000n, full), "tỷ", ...(below ? spell(below, true) : [])];
    }
    const said = [];
    for (const [size, name] of [[1000000n, "triệu"], [1000n, "nghìn"], [1n, ""]]) {
      const part = Number((value / size) % 1000n);
      if (part) said.push(...spellThree(part, full || said.length > 0), ...(name ? [name] : []));
    }
    return said;
  };
  const inWords = (dong, language = "vi", words = {}) => {
    const size = dong < 0n ? -dong : dong;
    if (language === "vi" && size > 0n) {
      const text = `${dong < 0n ? "âm " : ""}${spell(size).join(" ")} đồng`;
      return text[0].toUpperCase() + text.slice(1);
    }
    if (size < 10000n) return "";
    const parts = [
      [size / 1000000000n, words.moneyBillion],
      [(size / 1000000n) % 1000n, words.moneyMillion],
      [(size / 1000n) % 1000n, words.moneyThousand],
      [size % 1000n, ""],
    ];
    const said = parts.filter(([n]) => n > 0n).map(([n, unit]) => `${group(n, language)} ${unit}`.trim());
    return `${dong < 0n ? "-" : ""}${said.join(" ")} ${words.moneyDong}`;
  };

  /* ---- The field ---- */
  const page = () => (document.documentElement.lang === "en" ? "en" : "vi");
  const sentences = () => document.getElementById("words")?.dataset ?? {};
  const fill = (text = "", values = {}) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  const unitOf = (input) => (input.dataset.moneyUnit in PLACES ? input.dataset.moneyUnit : "dong");
  const isSigned = (input) => "moneySigned" in input.dataset;
  const readField = (input) => read(input.value, unitOf(input), page(), isSigned(input));
  const isBlank = (input) => !plain(input.value);
  /* Something stands there that is no amount: it is in no sum, and the sum has to say so */
  const isUnread = (input) => !isBlank(input) && readField(input).why !== undefined;
  const amountOf = (input) => (input && readField(input).dong) ?? 0n;
  const why = (found) => {
    const words = sentences();
    const text = { unclear: words.moneyUnclear, fraction: words.moneyFraction, finer: words.moneyFiner, large: words.moneyLarge, negative: words.moneyNegative };
    return fill(text[found.why] ?? words.moneyRefused, { ...found, example: found.example ?? group(1234567, page()) });
  };
  const echoOf = (input) => {
    if (input.dataset.echo === "none") return null;
    let line = document.getElementById(`${input.id}-echo`);
    if (!line) {
      line = document.createElement("p");
      line.id = `${input.id}-echo`;
      line.className = "echo";
      line.setAttribute("aria-live", "polite");
      (input.closest(".date-box") ?? input).after(line);
      const told = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", told ? `${told} ${line.id}` : line.id);
    }
    return line;
  };
  /* What was understood, or what is wrong, under a field */
  const tell = (input, text, bad) => {
    const line = echoOf(input);
    /* what the server said of the value it was sent stands alone, and goes when another is typed */
    const said = document.getElementById(`${input.id}-error`);
    const asSent = input.dataset.served === undefined || input.value === input.dataset.served;
    if (said) said.hidden = !asSent;
    if (line) {
      line.textContent = said && asSent && bad ? "" : text;
      line.classList.toggle("echo-bad", bad);
    }
    if (bad) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.dataset.understood = bad ? "no" : "yes";
  };
  const look = (input, midway = false) => {
    const found = readField(input);
    if (isBlank(input) || (midway && /^[-(]$/.test(plain(input.value)))) return tell(input, "", false);
    if (found.why) return tell(input, why(found), true);
    const words = inWords(found.dong, page(), sentences());
    const plainly = `${group(found.dong, page())} ${sentences().moneyDong ?? "đồng"}`;
    tell(input, unitOf(input) === "dong" && !/[^\d\s.,()-]/.test(plain(input.value)) ? words : [plainly, words].filter(Boolean).join(" · "), false);
  };
  /* The text with its thousands, the caret kept behind the same figure */
  const show = (input, text) => {
    if (text === input.value) return;
    const behind = input.value.slice(input.selectionStart ?? input.value.length).replace(/\D/g, "").length;
    const focused = document.activeElement === input;
    input.value = text;
    if (!focused) return;
    let caret = text.length;
    for (let left = behind; left > 0 && caret > 0; caret -= 1) if (/\d/.test(text[caret - 1])) left -= 1;
    input.setSelectionRange(caret, caret);
  };
  /* Takes our own marks out again, around what was just typed */
  const unmark = (input, typed) => {
    const caret = input.selectionStart;
    const start = caret - typed.length;
    if (!typed || input.value.slice(start, caret) !== typed) return;
    const [head, tail] = [input.value.slice(0, start), input.value.slice(caret)].map((part) => part.replaceAll(MARKS[page()][0], ""));
    input.value = head + typed + tail;
    input.setSelectionRange(head.length + typed.length, head.length + typed.length);
  };
  const isOurs = (input) => unitOf(input) === "dong" && input.dataset.own !== "yes";
  /* Marks between thousands are put in while figures are typed. As soon as somebody types a mark
     or a word, or pastes, the text is theirs: ours go out of it, or "3859.231k" would be read as
     3.859.231k, and nothing else is taken out of it any more ("1.5" is not 15). */
  const typing = (input, event) => {
    /* what an input method holds is not touched: it would put all of it there once more */
    if (event.isComposing) return look(input, true);
    const mark = MARKS[page()][0];
    const before = input.dataset.before ?? "";
    const ours = (text) => new RegExp(`^-?[\\d${mark}]*$`).test(text);
    if (event.inputType === "deleteContentBackward" && isOurs(input)) {
      /* deleting a mark deletes the figure before it: that is what was meant */
      const caret = input.selectionStart;
      if (before[caret] === mark && before.replaceAll(mark, "") === input.value.replaceAll(mark, "") && caret > 0) {
        input.value = input.value.slice(0, caret - 1) + input.value.slice(caret);
        input.setSelectionRange(caret - 1, caret - 1);
      }
    }
    const typed = event.data ?? "";
    const single = event.type === "compositionend" || event.inputType?.startsWith("delete") || (event.inputType?.startsWith("insert") && typed.length === 1 && /[\d-]/.test(plain(typed)));
    if (!/[^\d-]/.test(input.value)) delete input.dataset.own;
    else if (!single || !ours(input.value)) {
      if (isOurs(input)) unmark(input, typed);
      input.dataset.own = "yes";
    }
    if (isOurs(input) && ours(input.value)) {
      const digits = input.value.replaceAll(mark, "").replace(/^(-?)0+(?=\d)/, "$1");
      if (digits.length <= 17) show(input, digits.replace(/\d+/, (figures) => group(figures, page())));
    }
    input.dataset.before = input.value;
    look(input, true);
  };
  /* Line ends between pasted cells stay a mark between them: a field makes spaces of them, and
     500 above 234 would be read as 500 234 */
  const apart = (event) => {
    const cells = event.data?.trim() ?? "";
    if (!/[\r\n]/.test(cells)) return;
    event.preventDefault();
    document.execCommand("insertText", false, cells.replace(/[\r\n]+/g, "\t"));
  };
  /* A text that stands: the marks are ours where an amount is written, else those of somebody */
  const stand = (input, found) => {
    if (found.dong !== undefined || !/[^\d-]/.test(input.value)) delete input.dataset.own;
    else input.dataset.own = "yes";
    input.dataset.before = input.value;
    look(input);
  };
  const settle = (input) => {
    const found = readField(input);
    if (found.dong !== undefined && unitOf(input) === "dong") show(input, write(found.dong, "dong", page()));
    stand(input, found);
  };
  const field = (input) => {
    if (input.dataset.ready) return;
    input.dataset.ready = "yes";
    input.autocomplete = "off";
    for (const kind of ["input", "compositionend"]) input.addEventListener(kind, (event) => typing(input, event));
    input.addEventListener("beforeinput", apart);
    input.addEventListener("change", () => settle(input));
    if (input.value) settle(input);
    input.dataset.before = input.dataset.served = input.value;
  };
  /* Another unit of typing for the fields of a form: what can be read is converted, what cannot
     stays as it was typed */
  const setUnit = (inputs, unit) => {
    for (const input of inputs) {
      const found = readField(input);
      input.dataset.moneyUnit = unit;
      if (!isSigned(input)) input.inputMode = unit === "dong" ? "numeric" : "decimal";
      if (found.dong !== undefined) input.value = write(found.dong, unit, page());
      stand(input, found);
    }
  };

  window.amounts = { plain, read, write, group, meant, inWords, fold, amountOf, isUnread, tell, field, settle, setUnit, page };
})();
