import { useSession } from "#web/session";

/** Whether the person at the screen holds a permission; the server refuses the action whatever is shown. */
export function useMay(): (permission: string) => boolean {
  const session = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}
