import { type IstioLabels, istioLabels, type ReportedRequest } from './istio-labels.js';
import type { MeshModel, ServiceModel } from './mesh-model.js';
import type { Outcome } from './outcome.js';

/** Either end of a request: a pod, or a version in the history. */
interface End {
  readonly service: ServiceModel;
  readonly version: string;
}

/** What the two proxies of a request call it; absent where there is no proxy, or none that saw it. */
interface Reports {
  readonly server: IstioLabels | undefined;
  readonly client: IstioLabels | undefined;
}

/** Every label set once: the same request in two steps is the same object, and proxies know it by that. */
export class LabelBook {
  readonly #model: MeshModel;
  readonly #known = new Map<string, IstioLabels>();
  /** By their text; shared by the books of one mesh, so that what a change of the model leaves alone stays the same object. */
  readonly #unique: Map<string, IstioLabels>;

  constructor(model: MeshModel, unique = new Map<string, IstioLabels>()) {
    this.#model = model;
    this.#unique = unique;
  }

  /** The book of a mesh that goes on under another model. */
  under(model: MeshModel): LabelBook {
    return new LabelBook(model, this.#unique);
  }

  /** Under which labels the proxies of a request count it. */
  reports(
    destination: ServiceModel,
    {
      outcome,
      client,
      server,
    }: { readonly outcome: Outcome; readonly client: End | undefined; readonly server: End | undefined },
  ): Reports {
    // A pod without a proxy takes the request, too; which one, nobody knows.
    const reached = server?.version ?? (outcome.server && destination.versions[0]?.version);
    const request = { source: client, destination, destinationVersion: reached };
    return {
      server: server && outcome.server && this.#labels({ ...request, reporter: 'destination', facts: outcome.server }),
      client: client && this.#labels({ ...request, reporter: 'source', facts: outcome.client }),
    };
  }

  #labels(request: ReportedRequest): IstioLabels {
    const { reporter, facts, source, destination, destinationVersion } = request;
    const caller = source ? `${source.service.namespace}/${source.service.name}/${source.version}` : '';
    const target = `${destination.namespace}/${destination.name}/${destinationVersion ?? ''}`;
    const key = `${reporter} ${caller} ${target} ${facts.code} ${facts.flags.join()} ${facts.grpcStatus ?? ''}`;
    let labels = this.#known.get(key);
    if (!labels) this.#known.set(key, (labels = this.#once(istioLabels(this.#model, request))));
    return labels;
  }

  #once(labels: IstioLabels): IstioLabels {
    const text = JSON.stringify(labels);
    const known = this.#unique.get(text) ?? labels;
    this.#unique.set(text, known);
    return known;
  }
}
