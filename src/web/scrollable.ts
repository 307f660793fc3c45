/** A table wider than the page is moved with the arrow keys, so its frame takes the focus; given to a table as its `ref`. */
export function scrollable(table: { readonly nativeElement: HTMLDivElement } | null): void {
  table?.nativeElement.querySelector(".ant-table-content")?.setAttribute("tabindex", "0");
}
