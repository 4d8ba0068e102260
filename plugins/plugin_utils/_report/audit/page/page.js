
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const { statuses, controls, hosts, details, texts, waivers } = data;
  const [STATUS, FAULTS, LINES, MORE, SINCE, STEPS, POLICY] = [0, 1, 2, 3, 4, 5, 6];
  const FAIL = 0;
  const SEVERITIES = ["critical", "high", "medium", "low", "info"];
  const say = (number) => texts[number];

  // -- what a page is made of: every text goes in as a text --------------------------------------

  const make = (name, kind, ...inside) => {
    const found = document.createElement(name);
    if (kind) found.className = kind;
    found.append(...inside.filter((each) => each !== null));
    return found;
  };
  const list = (rows) => (rows.length ? make("ul", "", ...rows) : null);
  const item = (text, ...more) => make("li", "", make("span", "text", text), ...more);
  const badge = (severity) => make("span", `badge ${severity}`, severity);
  const policy = (text) => {
    const lines = make("pre", "", text);
    lines.tabIndex = 0;
    lines.setAttribute("aria-label", "Lines of the policy");
    return lines;
  };
  const mark = (control, detail) => {
    const status = statuses[detail[STATUS]];
    const kind = "fuwpn"[detail[STATUS]];
    return make("span", `mark ${kind}${detail[STATUS] === FAIL ? ` ${control.severity}` : ""}`, status);
  };

  const fault = ([text, waiver, expired]) => {
    const until = (words, number) => make("span", "on", ` (${words}: ${say(waivers[number])})`);
    if (waiver >= 0) return item(say(text), until("waived", waiver));
    return expired >= 0 ? item(say(text), until("was waived", expired)) : item(say(text));
  };

  const finding = (detail) => {
    const more = detail[MORE] ? [make("li", "", `and ${detail[MORE]} more`)] : [];
    const lines = say(detail[POLICY]);
    return [
      list([...detail[FAULTS].map(fault), ...more]),
      list(detail[LINES].map((each) => item(say(each)))),
      detail[SINCE] ? make("p", "on", `Fails since ${detail[SINCE]}.`) : null,
      list(detail[STEPS].map((each) => item(say(each)))),
      lines ? make("p", "", "These lines of the policy mend it:") : null,
      lines ? policy(lines) : null,
    ];
  };

  const pageOf = (control) => byId(`page-${control.id}`).querySelector(".page").cloneNode(true);

  // -- details ----------------------------------------------------------------------------------

  const dialog = byId("dialog");
  const show = (title, ...inside) => {
    byId("dialog-title").textContent = title;
    byId("dialog-body").replaceChildren(...inside.filter((each) => each !== null));
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  byId("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  const showCell = (host, control) => {
    const detail = details[hosts[host].found[control]];
    show(
      controls[control].title,
      make("p", "", badge(controls[control].severity), " ", mark(controls[control], detail), " on ",
        make("span", "name", hosts[host].name)),
      ...finding(detail),
      pageOf(controls[control]),
    );
  };

  const showHost = (number) => {
    const host = hosts[number];
    const lines = say(host.policy);
    const order = controls.map((_control, each) => each).filter((each) => details[host.found[each]][STATUS] <= 2);
    order.sort((a, b) => details[host.found[a]][STATUS] - details[host.found[b]][STATUS]
      || SEVERITIES.indexOf(controls[a].severity) - SEVERITIES.indexOf(controls[b].severity));
    const row = (each) => {
      const detail = details[host.found[each]];
      const title = make("span", "title", controls[each].title);
      const head = make("summary", "", badge(controls[each].severity), " ", mark(controls[each], detail), " ", title);
      return make("details", "", head, ...finding(detail).filter((part) => part !== null));
    };
    const about = [say(host.about), host.state].filter((each) => each).join(", ");
    const words = (title, numbers) => (numbers.length ? make("p", "", `${title}: ${numbers.map(say).join(", ")}`) : null);
    show(
      host.name,
      make("p", "", `Score ${host.score === null ? "none" : host.score}. ${about}`),
      say(host.problem) ? make("p", "text", say(host.problem)) : null,
      words("Groups", host.groups),
      words("Applications", host.apps),
      host.notes.length ? make("h3", "", "What could not be seen") : null,
      list(host.notes.map((each) => item(say(each)))),
      ...(say(host.problem) ? [] : order.map(row)),
      lines ? make("h3", "", "All that the policy can mend") : null,
      lines ? policy(lines) : null,
    );
  };

  const showControl = (number) => {
    const counts = statuses.map((status, each) => {
      const count = hosts.filter((host) => details[host.found[number]][STATUS] === each).length;
      return count ? `${count} ${status}` : "";
    });
    show(
      controls[number].title,
      make("p", "", badge(controls[number].severity), " ", make("code", "", controls[number].id), ": ",
        counts.filter((each) => each).join(", ")),
      pageOf(controls[number]),
    );
  };

  // -- the matrix -------------------------------------------------------------------------------

  const table = byId("matrix");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const heads = table ? [...table.tHead.rows[0].cells] : [];
  const AHEAD = 2; // columns before the controls
  const AT_ONCE = 50; // hosts, as a browser takes its time over a table of 30,000 cells
  const [PLAIN, DIM, GONE] = [0, 1, 2];
  let left = rows.map((_row, number) => number); // what the filter leaves
  let limit = AT_ONCE; // how many of those are shown
  let hits = []; // by row, whether a cell is among what is filtered
  let columns = []; // whether a column is
  let current = null;

  // How cells look now. What is not shown is left as it is until then.
  const looks = rows.map(() => new Uint8Array(controls.length).fill(255));
  const paint = (number) => {
    const { cells } = rows[number];
    looks[number].forEach((before, control) => {
      const look = columns[control] ? (hits[number][control] ? PLAIN : DIM) : GONE;
      if (look === before) return;
      const cell = cells[control + AHEAD];
      if (before === 255) cell.setAttribute("aria-label", statuses[details[hosts[number].found[control]][STATUS]]);
      cell.hidden = look === GONE;
      cell.classList.toggle("dim", look === DIM);
      looks[number][control] = look;
    });
    rows[number].hidden = false;
  };
  const reveal = (count) => {
    while (limit < count) limit += AT_ONCE;
    left.slice(0, limit).filter((number) => rows[number].hidden).forEach(paint);
    tell();
  };
  const tell = () => {
    byId("more").hidden = left.length <= limit;
    byId("more").textContent = `Show more hosts than the first ${limit}`;
  };
  const draw = () => {
    const shown = new Set(left.slice(0, limit));
    rows.forEach((row, number) => {
      if (shown.has(number)) paint(number);
      else row.hidden = true;
    });
    columns.forEach((there, control) => { heads[control + AHEAD].hidden = !there; });
    if (current.hidden || current.parentNode.hidden) rest(heads[0]);
    tell();
  };

  // The cell that the Tab key leads to.
  const rest = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    current.tabIndex = 0;
  };
  const focus = (cell) => {
    rest(cell);
    current.focus();
    current.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const places = (cell) => [cell.parentNode === table.tHead.rows[0] ? -1 : rows.indexOf(cell.parentNode), cell.cellIndex];
  const cellAt = (row, column) => (row < 0 ? heads : rows[row].cells)[column];
  const opened = (cell) => {
    const [row, column] = places(cell);
    if (row < 0) {
      if (column >= AHEAD) showControl(column - AHEAD);
    } else if (column < AHEAD) showHost(row);
    else showCell(row, column - AHEAD);
  };
  const step = (from, by, last, hidden) => {
    let at = from;
    for (let left = Math.abs(by); left > 0; left -= 1) {
      let next = at + Math.sign(by);
      while (next >= -1 && next <= last && hidden(next)) next += Math.sign(by);
      if (next < -1 || next > last) break;
      at = next;
    }
    return at;
  };
  const noRow = (row) => row >= 0 && !left.includes(row);
  const noColumn = (column) => column < 0 || heads[column].hidden;
  const MOVES = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -1e4], End: [0, 1e4],
  };

  if (table) {
    table.setAttribute("role", "grid");
    table.classList.add("live");
    table.setAttribute("aria-rowcount", rows.length + 1);
    rows.forEach((row, number) => row.setAttribute("aria-rowindex", number + 2));
    rest(heads[0]);
    byId("more").addEventListener("click", () => {
      const first = limit;
      reveal(limit + 1);
      focus(rows[left[first]].cells[0]);
    });
    byId("scroll").addEventListener("scroll", ({ target }) => {
      const below = target.scrollHeight - target.scrollTop - target.clientHeight;
      if (below < target.clientHeight && limit < left.length) reveal(limit + 1);
    }, { passive: true });
    table.addEventListener("click", (event) => {
      const cell = event.target.closest("td, th");
      if (!cell) return;
      focus(cell);
      opened(cell);
    });
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td, th");
      if (!cell || event.altKey || event.metaKey) return;
      if (event.key === "Enter" || event.key === " ") {
        opened(cell);
      } else if (event.key in MOVES) {
        const [row, column] = places(cell);
        const [down, right] = MOVES[event.key];
        const whole = event.ctrlKey && right ? Math.sign(right) * 1e4 : 0;
        const to = step(row, down || whole, rows.length - 1, noRow);
        reveal(left.indexOf(to) + 1);
        focus(cellAt(to, step(column, right, heads.length - 1, noColumn)));
      } else {
        return;
      }
      event.preventDefault();
    });
  }

  // -- search and filter ------------------------------------------------------------------------

  const lower = (...found) => found.join("\n").toLowerCase();
  const ofDetail = details.map((detail) => lower(
    ...detail[FAULTS].map((each) => say(each[0])), ...detail[LINES].map(say), ...detail[STEPS].map(say), say(detail[POLICY]),
  ));
  const ofControl = controls.map((control) => lower(control.id, control.title));
  const ofHost = hosts.map((host) => lower(host.name, host.state, say(host.about), say(host.problem), ...host.groups.map(say), ...host.apps.map(say)));
  const entries = [...document.querySelectorAll("[data-control]")].map((entry) => ({
    entry,
    control: controls.findIndex((control) => control.id === entry.dataset.control),
    status: ["failing", "untold", "waived"].indexOf(entry.className),
  }));
  const form = byId("filter");
  const value = (id) => (byId(id) ? byId(id).value : "");
  let narrow = false;

  const wanted = () => {
    const worst = value("severity") === "" ? SEVERITIES.length : Number(value("severity"));
    return {
      words: lower(value("words")).split(/\s+/).filter((each) => each),
      status: value("status") === "" ? null : Number(value("status")),
      group: value("group"),
      controls: controls.map((control) => SEVERITIES.indexOf(control.severity) <= worst
        && (value("topic") === "" || control.topic === value("topic"))),
    };
  };

  const apply = () => {
    const want = wanted();
    narrow = want.words.length > 0 || want.status !== null || want.group !== "" || want.controls.includes(false);
    const matches = want.words.map((word) => ({
      host: ofHost.map((each) => each.includes(word)),
      control: ofControl.map((each) => each.includes(word)),
      detail: ofDetail.map((each) => each.includes(word)),
    }));
    // By control, how many hosts of each status are left.
    const counts = controls.map(() => new Uint32Array(statuses.length));
    let cells = 0;
    const found = hosts.map((host, row) => {
      const missing = matches.filter((each) => !each.host[row]);
      const member = want.group === "" || host.groups.some((each) => say(each) === want.group);
      return host.found.map((number, column) => {
        const status = details[number][STATUS];
        const hit = member && want.controls[column] && (want.status === null || want.status === status)
          && missing.every((each) => each.control[column] || each.detail[number]);
        if (hit) {
          cells += 1;
          counts[column][status] += 1;
        }
        return hit;
      });
    });
    const total = counts.map((each) => each.reduce((sum, count) => sum + count, 0));
    const some = found.map((row) => row.includes(true));
    if (table) {
      hits = found;
      columns = total.map((count) => !narrow || count > 0);
      left = rows.map((_row, number) => number).filter((number) => !narrow || some[number]);
      limit = AT_ONCE;
      draw();
    }
    let failing = 0;
    entries.forEach(({ entry, control, status }) => {
      // Those of a host's status are there while it is among what is left, pages while anything is.
      entry.hidden = narrow && !(status < 0 ? total[control] : counts[control][status] || (status === 2 && total[control]));
      if (status === FAIL && !entry.hidden) failing += 1;
    });
    byId("no-failing").hidden = failing > 0 || !entries.some(({ status }) => status === FAIL);
    const shownHosts = some.filter((each) => each).length;
    const shownControls = total.filter((count) => count > 0).length;
    const ofHosts = hosts.length === 1 ? "" : `${shownHosts} of ${hosts.length} hosts, `;
    byId("shown").textContent = `${ofHosts}${shownControls} of ${controls.length} controls, ${cells} findings`;
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  };
  form.hidden = false;
  document.querySelectorAll(".scripted").forEach((each) => { each.hidden = false; });
  form.addEventListener("input", (event) => (event.target.id === "words" ? soon() : apply()));
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();

  // A link to a control's page opens it.
  const unfold = () => {
    const target = location.hash.startsWith("#page-") && byId(location.hash.slice(1));
    if (target) {
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", unfold);
  unfold();

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open]):not(.about-control)")];
    closed.forEach((each) => { each.open = true; });
    if (table) reveal(left.length);
  });
  addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
})();
