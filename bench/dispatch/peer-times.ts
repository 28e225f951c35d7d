import { MultiDirectedGraph } from 'graphology';
import { singleSource } from 'graphology-shortest-path/dijkstra.js';
import type { RoadGraph } from '../../src/gis/travel/road-graph.ts';

/** The same arcs in graphology, turned round: one search from a place finds the ways of all to it. */
export function peerGraph({ arcs }: RoadGraph): MultiDirectedGraph {
  const graph = new MultiDirectedGraph();
  for (const { tail, head, seconds } of arcs) {
    graph.mergeNode(tail);
    graph.mergeNode(head);
    graph.addDirectedEdge(head, tail, { seconds });
  }
  return graph;
}

/** The nodes on the way to each node. */
export function peerWays(graph: MultiDirectedGraph, from: number): Readonly<Record<string, readonly string[]>> {
  return singleSource(graph, String(from), 'seconds');
}

/** Seconds along such a way. */
export function peerSeconds(graph: MultiDirectedGraph, way: readonly string[]): number {
  return way.slice(1).reduce((sum, node, index) => {
    const between = graph.edges(way[index], node).map((edge) => Number(graph.getEdgeAttribute(edge, 'seconds')));
    return sum + Math.min(...between);
  }, 0);
}
