/** RequestPurpose is what a request of a route is for. */
export type RequestPurpose =
  | 'list'
  | 'latest'
  | 'info'
  | 'mod'
  | 'zip'
  /** whether a proxy passes on to the checksum database, and the record of one version there. */
  | 'supported'
  | 'lookup'
  /** the page of an import path, for its go-import tag. */
  | 'go-get';

/** RouteRequest is one request that Go would make next. */
export type RouteRequest = {
  readonly purpose: RequestPurpose;
  /** url may hold a password: show `shown`. */
  readonly url: string;
  readonly shown: string;
  /** hop is the place in `RoutePlan.hops`; undefined for a checksum database that is asked itself. */
  readonly hop: number | undefined;
  /** entry is the hop or the database as it is shown. */
  readonly entry: string;
  /** isInsecure: GOINSECURE names the module, and what is fetched without a proxy may have any certificate. */
  readonly isInsecure: boolean;
  /** maxBytes of the answer are needed: of a zip its beginning is enough to know that it is one. */
  readonly maxBytes: number;
};
