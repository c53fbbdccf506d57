/// <reference lib="dom" />
import type { Panels } from "./feed.ts";
import { byId, setText, show } from "./page_dom.ts";

const WORDS = {
  halt: {
    title: "Halt",
    word: "HALT",
    what: "No entries from now on, in this session and later ones, until somebody resumes. " +
      "Exits and stops still work; nothing is sold by this.",
  },
  resume: {
    title: "Resume",
    word: "RESUME",
    what: "Lifts the halt: entries are allowed again at once.",
  },
} as const;
type Verb = keyof typeof WORDS;

/** The one thing the page can change, when the server allows it: halt and resume, typed to confirm. */
export class Control {
  readonly #dialog = dialogOf(byId("control"));
  readonly #button = byId("halt-button");
  readonly #reason = inputOf(byId("control-reason"));
  readonly #confirm = inputOf(byId("control-confirm"));
  #verb: Verb = "halt";

  constructor() {
    this.#button.addEventListener("click", () => this.#open());
    byId("control-cancel").addEventListener("click", () => this.#dialog.close());
    byId("control-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** `trouble`: what is shown may be old. Then nothing may be resumed on its word; a halt is always safe. */
  render({ control, halt }: Panels, trouble: boolean): void {
    show(this.#button, control.allowed);
    if (!this.#dialog.open) this.#verb = halt.halted ? "resume" : "halt";
    setText(this.#button, halt.halted ? "Resume …" : "Halt …");
    if (this.#button instanceof HTMLButtonElement) {
      this.#button.disabled = trouble && halt.halted;
    }
  }

  #open(): void {
    const { title, word, what } = WORDS[this.#verb];
    setText(byId("control-title"), title);
    setText(byId("control-what"), what);
    setText(byId("control-word"), word);
    setText(byId("control-submit"), title);
    setText(byId("control-error"), "");
    this.#reason.value = "";
    this.#confirm.value = "";
    this.#dialog.showModal();
  }

  async #send(): Promise<void> {
    const { word } = WORDS[this.#verb];
    if (this.#confirm.value !== word) return this.#complain(`Type ${word} to confirm`);
    try {
      const token = await (await fetch("/control/token")).text();
      const response = await fetch(`/control/${this.#verb}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: JSON.stringify({ confirm: this.#confirm.value, reason: this.#reason.value }),
      });
      if (response.ok) return this.#dialog.close();
      this.#complain((await response.text()).trim());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#complain("The dashboard's server does not answer: use deno task halt in a terminal");
    }
  }

  #complain(text: string): void {
    setText(byId("control-error"), text);
  }
}

function dialogOf(element: HTMLElement): HTMLDialogElement {
  if (element instanceof HTMLDialogElement) return element;
  throw new TypeError("Cannot use the control dialog: the page has none");
}

function inputOf(element: HTMLElement): HTMLInputElement {
  if (element instanceof HTMLInputElement) return element;
  throw new TypeError(`Cannot use #${element.id}: it is no input`);
}
