import { Button } from "antd";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

/** A button that opens a small panel beneath it; Escape or a step outside closes it and gives the focus back. */
export function Disclosure(props: {
  readonly label: ReactNode;
  /** What a screen reader says when the label alone would not do. */
  readonly name?: string;
  readonly className?: string;
  /** A button of a page's tools, which look like each other; elsewhere the class says how it looks. */
  readonly small?: boolean;
  /** The button's, where a label names it. */
  readonly id?: string;
  /** True when the page that is open belongs to it. */
  readonly current?: boolean;
  readonly children: (close: () => void) => ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector<HTMLElement>(steps)?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const onKey = (event: React.KeyboardEvent): void => {
    if (!open) return;
    if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(box.current, event.key === "ArrowDown" ? 1 : -1);
    }
  };
  const about = {
    ref: button,
    "aria-expanded": open,
    "aria-controls": id,
    ...(props.id === undefined ? {} : { id: props.id }),
    ...(props.name === undefined ? {} : { "aria-label": props.name }),
    ...(props.current ? { "aria-current": "true" as const } : {}),
    onClick: () => setOpen(!open),
  };
  return (
    <div className="disclosure" ref={box} onKeyDown={onKey}>
      {props.small ? (
        <Button size="small" {...about}>
          {props.label}
        </Button>
      ) : (
        <button type="button" className={props.className ?? "top-button"} {...about}>
          {props.label}
        </button>
      )}
      <div id={id} data-panel="" className="disclosure-panel" hidden={!open}>
        {open ? props.children(() => setOpen(false)) : null}
      </div>
    </div>
  );
}

/** What the arrow keys go through. */
const steps = "[data-panel] a, [data-panel] button, [data-panel] input[type=checkbox]";

/** Moves the focus to the next or the last link of the panel, round and round. */
function step(box: HTMLElement | null, by: 1 | -1): void {
  const items = [...(box?.querySelectorAll<HTMLElement>(steps) ?? [])];
  const at = items.findIndex((item) => item === document.activeElement);
  items.at((at + by) % items.length)?.focus();
}
