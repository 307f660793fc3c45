import { useEffect, useRef, type ReactNode } from "react";

/**
 * The browser's own dialog: it holds the focus, Escape closes it and the focus goes back where it was, without a
 * line of the kit, which the first page need not load for it.
 */
export function Dialog(props: {
  readonly name: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog ${props.className}`}
      aria-label={props.name}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      // A press on the dialog itself, not on what it holds, is a press on the shade around it.
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <div className="dialog-body">{props.children}</div>
    </dialog>
  );
}
