internal import Charts
internal import Foundation

/// A run as one page of HTML that needs nothing beside it and can be read on bright and dark screens.
public enum RunPage {
    /// The page.
    public static func html(_ run: RunRecord) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>\(escaped(run.scenario)) at \(escaped(run.target))</title>
        <style>
        \(PageColours.styleSheet)
        \(rules)
        </style>
        </head>
        <body>
        <h1>\(escaped(run.scenario))</h1>
        <p class="about">\(escaped(run.target)), \(date(run.began)), seed \(run.seed).
        Asked by \(escaped(run.program)) on \(escaped(run.machine)).</p>
        \(warnings(run))\
        <h2>Phases</h2>
        \(phases(run))
        <h2>Latency</h2>
        <p class="about">Milliseconds from the moment a request was <em>due</em> to its answer; for "sent", from the
        moment it was sent.</p>
        \(latencies(run))
        <div class="charts">
        \(RunCharts(run).all.map { "<figure>\($0)</figure>" }.joined(separator: "\n"))
        </div>
        \(failures(run))\
        </body>
        </html>

        """
    }

    private static let rules = """
        body{font:15px/1.5 system-ui,'DejaVu Sans',Arial,sans-serif;margin:2rem auto;max-width:1500px;padding:0 1.5rem}
        h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        .about{color:\(PageColours.Use.pale);margin:.3rem 0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.25rem .8rem;text-align:right;border-bottom:1px solid \(PageColours.Use.grid);white-space:nowrap}
        th:first-child,td:first-child,td.word,th.word{text-align:left}
        th{color:\(PageColours.Use.pale);font-weight:600}
        .bad{color:\(PageColours.Use.loss)}.good{color:\(PageColours.Use.gain)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr))}
        .charts{gap:1.5rem;margin-top:2rem}
        figure{margin:0}figure svg{width:100%;height:auto}
        """

    private static func warnings(_ run: RunRecord) -> String {
        var words: [String] = []
        for phase in run.counted {
            if phase.shed > 0 {
                words.append(
                    "\(phase.name): \(phase.shed) requests were due and not sent, since too many were outstanding. "
                        + "The true percentiles are worse than those below."
                )
            }
            if phase.requestedRate != nil, let slow = phase.kinds.map(\.latency.p99).max(),
                phase.lateness.p99 > slow / 2, phase.lateness.p99 > 1
            {
                words.append(
                    "\(phase.name): requests were sent late (p99 \(RunText.number(phase.lateness.p99)) ms), which is a "
                        + "large part of the latency: the machine that asked was busy."
                )
            }
        }
        return words.map { "<p class=\"bad\">\(escaped($0))</p>\n" }.joined()
    }

    private static func phases(_ run: RunRecord) -> String {
        let rows = run.phases.map { phase in
            [
                phase.isCounted ? phase.name : "\(phase.name) (not counted)",
                phase.requestedRate.map { "\(RunText.number($0))/s, \(phase.arrivals)" }
                    ?? "\(phase.concurrency ?? 0) at a time",
                RunText.number(phase.rate), RunText.number(phase.seconds), "\(phase.answered)", "\(phase.failed)",
                "\(phase.shed)", "\(phase.highestOutstanding)", "\(phase.records)", "\(phase.sizeBefore)",
                RunText.number(phase.lateness.p99),
            ]
        }
        return table(
            [
                "phase", "asked", "answered/s", "seconds", "answered", "failed", "not sent", "outstanding",
                "records added", "size before", "sent late, p99 ms",
            ],
            rows
        )
    }

    private static func latencies(_ run: RunRecord) -> String {
        var rows: [[String]] = []
        for phase in run.counted {
            for kind in phase.kinds {
                for (words, latency) in [("due", kind.latency), ("sent", kind.service)] {
                    let values = [
                        latency.min, latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max,
                    ]
                    rows.append(
                        ["\(phase.name): \(kind.kind.rawValue)", "from \(words)", "\(kind.answered)"]
                            + values.map(RunText.number)
                    )
                }
            }
        }
        return table(["", "", "answered", "min", "mean", "p50", "p90", "p99", "p99.9", "max"], rows)
    }

    private static func failures(_ run: RunRecord) -> String {
        let rows = run.counted.flatMap { phase in phase.failures.map { [phase.name, "\($0.count)", $0.message] } }
        guard !rows.isEmpty else { return "" }
        return "<h2>Failures</h2>\n" + table(["phase", "times", "what"], rows) + "\n"
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        let heads = head.map { "<th>\(escaped($0))</th>" }.joined()
        let lines = rows.map { row in "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
        return "<div class=\"scroll\"><table><thead><tr>\(heads)</tr></thead><tbody>\n"
            + lines.joined(separator: "\n") + "\n</tbody></table></div>"
    }

    private static func date(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
