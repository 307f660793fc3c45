/** A question before something is done. */
export interface Question {
  readonly title: string;
  /** What happens then. */
  readonly text?: string;
  readonly go: string;
  readonly stay: string;
  /** The button that stands out: the safe one where something would be lost. */
  readonly main: "go" | "stay";
  readonly danger?: boolean;
}

let askedCount = 0;

/** Asks in the browser's own dialog; resolves to whether to go on. It works over any other open dialog. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog dialog-ask";
    const title = document.createElement("h2");
    title.textContent = question.title;
    title.id = `ask-${(askedCount += 1)}`;
    dialog.setAttribute("aria-labelledby", title.id);
    const text = document.createElement("p");
    text.textContent = question.text ?? "";
    const row = document.createElement("div");
    row.className = "dialog-actions";
    for (const value of ["stay", "go"] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = question[value];
      button.className = question.main === value ? "plain-button plain-main" : "plain-button";
      if (value === "go" && question.danger) button.classList.add("plain-danger");
      button.addEventListener("click", () => dialog.close(value));
      row.append(button);
    }
    dialog.append(title, ...(question.text === undefined ? [] : [text]), row);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
