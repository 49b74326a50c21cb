/** The port where none is chosen, always the same, so that a bookmark stays right. */
export const DASHBOARD_PORT = 4174;
export const RESULTS_DEFAULT = 'results';
