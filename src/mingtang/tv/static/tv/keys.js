/* Keys of a remote control, for boxes of any age; without it a page still works by its links.
   Arrows go to the nearest link that way, digits to the link of that number, back to "back". */
(function () {
  var links = document.getElementsByTagName("a");
  var typed = "", timer = null;

  function box(link) {
    var x = 0, y = 0, at = link;
    while (at) { x += at.offsetLeft; y += at.offsetTop; at = at.offsetParent; }
    return { x: x + link.offsetWidth / 2, y: y + link.offsetHeight / 2,
             w: link.offsetWidth / 2, h: link.offsetHeight / 2 };
  }

  function start() {
    var i, first = null;
    for (i = 0; i < links.length; i++) {
      if (links[i].getAttribute("autofocus") !== null) { first = links[i]; }
    }
    return first || links[0];
  }

  function next(from, dx, dy) {
    var a = box(from), best = null, least = 0, i, b, along, across, cost;
    for (i = 0; i < links.length; i++) {
      b = box(links[i]);
      along = (b.x - a.x) * dx + (b.y - a.y) * dy;
      across = Math.abs((b.x - a.x) * dy) + Math.abs((b.y - a.y) * dx);
      if (links[i] === from || along <= (dx ? a.w : a.h) / 2) { continue; }
      cost = along + 3 * across;
      if (best === null || cost < least) { best = links[i]; least = cost; }
    }
    return best;
  }

  function go(link) { if (link) { window.location.href = link.href; } }

  function digit(number) {
    var exact, longer;
    typed += number;
    exact = document.getElementById("k" + typed);
    longer = typed.length < 2;
    clearTimeout(timer);
    if (exact && !longer) { typed = ""; go(exact); return; }
    timer = setTimeout(function () {
      var link = document.getElementById("k" + typed);
      typed = "";
      go(link);
    }, exact ? 700 : 1500);
  }

  document.onkeydown = function (event) {
    var e = event || window.event, code = e.keyCode || e.which;
    var at = document.activeElement, to = null;
    if (!at || at.tagName !== "A") { at = start(); }
    if (code === 37) { to = next(at, -1, 0); }
    else if (code === 38) { to = next(at, 0, -1); }
    else if (code === 39) { to = next(at, 1, 0); }
    else if (code === 40) { to = next(at, 0, 1); }
    else if (code >= 48 && code <= 57) { digit(code - 48); return true; }
    else if (code === 8 || code === 27 || code === 461 || code === 10009) {
      go(document.getElementById("back"));
    } else { return true; }
    if (to) { to.focus(); }
    if (e.preventDefault) { e.preventDefault(); }
    return false;
  };
  window.onload = function () {
    var at = document.activeElement;
    if (links.length && (!at || at.tagName !== "A")) { start().focus(); }
  };
})();
