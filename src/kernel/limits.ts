/** Limits that every list and body of the system shares. */
export const pageSizeMax = 200;
export const pageSizeDefault = 50;
export const exportRowsMax = 100_000;
export const importRowsMax = 200_000;
export const bodyBytesMax = 16 * 1024 * 1024;
export const bulkItemsMax = 10_000;
