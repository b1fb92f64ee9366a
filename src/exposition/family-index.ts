import type { MetricType } from './exposition.js';
import { carriesSuffix, familySuffixes } from './family-shape.js';
import { OpenFamily } from './open-family.js';

/**
 * Finds the family of a sample or of a metadata line, and opens it where there is none.
 *
 * Families may be interleaved, as Envoy writes them: a sample goes to the family that declared it, wherever that stands.
 */
export class FamilyIndex {
  private readonly families = new Map<string, OpenFamily>();
  private bySample = new Map<string, OpenFamily>();

  /** The families in the order of their first line. */
  all(): readonly OpenFamily[] {
    return [...this.families.values()];
  }

  /** The family of that very name. */
  named(name: string): OpenFamily {
    const known = this.families.get(name);
    if (known !== undefined) return known;
    const family = new OpenFamily(name);
    this.families.set(name, family);
    return family;
  }

  /** The family that a sample of this name belongs to: one that declared it, or one named like the sample. */
  ofSample(sampleName: string): OpenFamily {
    const exact = this.families.get(sampleName);
    if (exact?.typed === true && carriesSuffix(exact.type, '')) return exact;
    const known = this.bySample.get(sampleName);
    if (known !== undefined) return known;
    const family = this.declaring(sampleName) ?? exact ?? this.named(sampleName);
    this.bySample.set(sampleName, family);
    return family;
  }

  /** Says the type of a family; from now on it takes the samples with the suffixes of that type. */
  setType(family: OpenFamily, type: MetricType): void {
    family.type = type;
    family.typed = true;
    // Any sample name may lead here now; a new map costs less than taking the possible names out one by one.
    if (this.bySample.size > 0) this.bySample = new Map();
  }

  /** The family that takes samples of this name for their suffix. */
  private declaring(sampleName: string): OpenFamily | undefined {
    for (const suffix of familySuffixes) {
      if (!sampleName.endsWith(suffix)) continue;
      const family = this.families.get(sampleName.slice(0, -suffix.length));
      if (family?.typed === true && carriesSuffix(family.type, suffix)) return family;
    }
    return undefined;
  }
}
