// Before all else: a page that comes out of the telephone was drawn some time ago, but its countdowns go by the present.
// `skew`: how far the server's clock is ahead of the telephone's, as it was when they met last.
{
  const root = document.documentElement;
  const drawn = new Date(root.dataset.now).getTime();
  const skew = Number(localStorage.getItem("field.skew"));
  const age = Date.now() + skew - drawn;
  if (localStorage.getItem("field.skew") !== null && age > 90000) {
    root.dataset.drawn = root.dataset.now;
    root.dataset.now = new Date(Date.now() + skew).toISOString();
  }
}
