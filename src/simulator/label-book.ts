import { type IstioLabels, istioLabels, type ReportedRequest } from './istio-labels.js';
import type { MeshModel } from './mesh-model.js';

/** Every label set once: the same request in two steps is the same object. */
export class LabelBook {
  readonly #model: MeshModel;
  readonly #known = new Map<string, IstioLabels>();

  constructor(model: MeshModel) {
    this.#model = model;
  }

  labels(request: ReportedRequest): IstioLabels {
    const { reporter, facts, source, destination, destinationVersion } = request;
    const caller = source ? `${source.service.namespace}/${source.service.name}/${source.version}` : '';
    const target = `${destination.namespace}/${destination.name}/${destinationVersion ?? ''}`;
    const key = `${reporter} ${caller} ${target} ${facts.code} ${facts.flags.join()} ${facts.grpcStatus ?? ''}`;
    let labels = this.#known.get(key);
    if (!labels) this.#known.set(key, (labels = istioLabels(this.#model, request)));
    return labels;
  }
}
