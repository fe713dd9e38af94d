// Draws that were not kept: by reason, with the pictures that the quarantine has.

const hasPicture = (number) => document.getElementById(`reject-picture-${number}`) !== null;

function rejectCard(reject, number) {
  const has = hasPicture(number);
  return make("article", { class: "reject" },
    make("div", { class: has ? "picture" : "picture missing", "data-picture": has ? `reject-picture-${number}` : null }, has ? null : make("span", { class: "none" }, "no picture was drawn")),
    make("p", { class: "detail" }, reject.detail || "no detail"),
    make("p", { class: "facts" }, [spaced(reject.kind), reject.part, reject.split, `index ${reject.index}`, `attempt ${reject.attempt}`].filter(Boolean).join(" · ")),
    make("p", { class: "line-to-copy" }, make("code", {}, breakable(reject.id)), copyButton(reject.id, "the id")));
}

function startRejects() {
  const total = Object.values(data.rejected).reduce((sum, num) => sum + num, 0);
  const section = find("#rejects");
  if (!total && !data.rejects.length) {
    section.append(make("p", { class: "nothing" }, "Nothing was rejected: every draw passed its proofs."));
    return;
  }
  const most = Math.max(...Object.values(data.rejected), 1);
  const reasons = Object.keys(data.rejected);
  for (const { reason } of data.rejects) if (!reasons.includes(reason)) reasons.push(reason);
  section.append(make("p", { class: "lead" }, `${plural(total, "draw")} did not pass a proof and ${total === 1 ? "was" : "were"} drawn again. Examples from the quarantine:`));
  for (const reason of reasons) {
    const num = data.rejected[reason] ?? 0;
    const mine = data.rejects.map((reject, number) => [reject, number]).filter(([reject]) => reject.reason === reason)
      .sort(([, a], [, b]) => hasPicture(b) - hasPicture(a)); // those without a picture last
    const bar = make("span", { class: "bar" }, make("span"));
    bar.style.setProperty("--all", num / most);
    const group = make("details", { class: "reason", open: true },
      make("summary", {}, make("h2", {}, spaced(reason) || "no reason"), make("span", { class: "num" }, amount(num)),
        make("span", { class: "share" }, `${((100 * num) / Math.max(total, 1)).toFixed(1)} %`), bar),
      mine.length ? make("div", { class: "reject-cards" }, mine.map(([reject, number]) => rejectCard(reject, number))) : make("p", { class: "nothing" }, "None of these is in the quarantine."));
    section.append(group);
  }
  whenNear(findAll("[data-picture]", section), (frame) => frame.append(make("img", { alt: "rejected picture", src: pictureAddress(frame.dataset.picture) })));
}
