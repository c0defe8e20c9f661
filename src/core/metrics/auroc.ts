/**
 * Area under the ROC curve: the share of pairs of a positive and a negative whose positive has the
 * higher score, ties counting one half (Mann & Whitney 1947; Hanley & McNeil 1982). From the sum of
 * the ranks R of the P positives among P + N, equal scores sharing their mean rank:
 * (R - P (P + 1) / 2) / (P N).
 *
 * @returns undefined where there are no positives or no negatives
 */
export function auroc(scores: readonly number[], labels: readonly (0 | 1)[]): number | undefined {
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && scores[order[end]] === scores[order[start]]) {
      end++;
    }
    const meanRank = (start + 1 + end) / 2;
    for (const index of order.slice(start, end)) {
      positives += labels[index];
      rankSum += labels[index] * meanRank;
    }
    start = end;
  }
  const negatives = labels.length - positives;
  return positives === 0 || negatives === 0
    ? undefined
    : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
