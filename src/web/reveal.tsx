import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { getFor } from "./api.ts";
import { Popup } from "./popup.tsx";
import { PurposeForm } from "./purpose.tsx";

/** A button behind which personal data stand: the purpose is asked first, and the answer is gone when it is closed. */
export function RevealButton<T>(props: {
  readonly label: string;
  readonly path: string;
  readonly show: (answer: T) => ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {props.label}
      </Button>
      {open ? <Revealed {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Revealed<T>(props: {
  readonly label: string;
  readonly path: string;
  readonly show: (answer: T) => ReactNode;
  readonly onClose: () => void;
}): ReactNode {
  const asked = useMutation({ mutationFn: (reason: string) => getFor<T>(props.path, reason) });
  return (
    <Popup title={props.label} onClose={props.onClose}>
      {asked.data === undefined ? (
        <PurposeForm busy={asked.isPending} error={asked.error} onAsk={(reason) => asked.mutate(reason)} />
      ) : (
        props.show(asked.data)
      )}
    </Popup>
  );
}
