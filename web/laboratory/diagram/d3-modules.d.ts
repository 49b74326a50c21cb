/** The few functions of d3-zoom and d3-selection that are used, whose packages bring no types. */
declare module 'd3-selection' {
  export interface Selection {
    call(operation: unknown, ...rest: readonly unknown[]): Selection;
    on(type: string, listener: null): Selection;
  }
  export function select(element: Element): Selection;
}

declare module 'd3-zoom' {
  export interface ZoomTransform {
    readonly k: number;
    readonly x: number;
    readonly y: number;
    translate(x: number, y: number): ZoomTransform;
    scale(k: number): ZoomTransform;
  }
  export interface ZoomEvent {
    readonly transform: ZoomTransform;
  }
  type Point = readonly [number, number];
  export interface ZoomBehaviour {
    (selection: unknown): void;
    scaleExtent(extent: Point): ZoomBehaviour;
    extent(extent: readonly [Point, Point]): ZoomBehaviour;
    translateExtent(extent: readonly [Point, Point]): ZoomBehaviour;
    filter(isMeant: (event: MouseEvent | WheelEvent | TouchEvent) => boolean): ZoomBehaviour;
    on(type: 'zoom', listener: (event: ZoomEvent) => void): ZoomBehaviour;
    readonly transform: unknown;
    readonly scaleBy: unknown;
    readonly translateBy: unknown;
  }
  export const zoomIdentity: ZoomTransform;
  export function zoom(): ZoomBehaviour;
}
