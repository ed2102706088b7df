// What the telephone keeps: four small tables in one IndexedDB, each call a promise.
//   outbox  acts that wait to be sent, in order (id grows); fields hold texts and files as they are
//   sent    what was taken today, for the page of the outbox
//   typed   forms begun and not pressed yet, by their address
//   meta    person, the moment the server was met last, which pages are kept

const NAME = "shouwen-field";
const TABLES = { outbox: { keyPath: "id", autoIncrement: true }, sent: { keyPath: "key" }, typed: { keyPath: "place" }, meta: { keyPath: "name" } };

let opened;
const open = () => (opened ??= new Promise((resolve, reject) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => { for (const [name, options] of Object.entries(TABLES)) asked.result.createObjectStore(name, options); };
  asked.onsuccess = () => {
    // Another page wants to drop everything: it is not kept waiting.
    asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
    resolve(asked.result);
  };
  asked.onerror = () => { opened = undefined; reject(asked.error); };
}));

// One request in a transaction of its own; what it wrote is on the disk before the promise is kept.
const request = async (table, mode, ask) => {
  const transaction = (await open()).transaction(table, mode, { durability: "strict" });
  const asked = ask(transaction.objectStore(table));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
};

export const all = (table) => request(table, "readonly", (store) => store.getAll());
export const get = (table, key) => request(table, "readonly", (store) => store.get(key));
export const put = (table, row) => request(table, "readwrite", (store) => store.put(row));
export const remove = (table, key) => request(table, "readwrite", (store) => store.delete(key));
export const clear = (table) => request(table, "readwrite", (store) => store.clear());

export const meta = async (name) => (await get("meta", name))?.value;
export const setMeta = (name, value) => put("meta", { name, value });

// Everything: the tables, the pages, and what the counter says.
export const drop = async () => {
  for (const name of Object.keys(TABLES)) await clear(name);
  for (const name of await caches.keys()) if (name.startsWith("field-")) await caches.delete(name);
  for (const name of ["field.skew", "field.waiting"]) localStorage.removeItem(name);
};
