// The words of the page's language, with places to fill: say("leave", { count: 2 }).
const words = JSON.parse(document.getElementById("field-words")?.textContent ?? "{}");
export const say = (key, filling = {}) => (words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => filling[name]);
export const noted = (said, note) => (note ? say("noted", { said, note }) : said);
