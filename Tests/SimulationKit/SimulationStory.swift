import Topology

/// What happens in a simulated cluster, a line each: told to whoever looks into a seed.
package struct SimulationStory: Sendable {
    /// Hears the lines.
    package typealias Listener = @Sendable (String) -> Void

    let time: VirtualTime
    let listener: Listener

    func tell(_ text: @autoclosure () -> String) { listener("\(time.now) \(text())") }

    /// Tells who is in sync, and which moves are under way.
    func map(_ map: ClusterMap) {
        let groups = map.groups.map { group in
            let replicas = group.replicas.map { "\($0.name) \($0.state.rawValue)" }.joined(separator: ", ")
            return "[\(replicas), epoch \(group.epoch)]"
        }
        let moves = map.moves.filter { !$0.phase.isOver }
            .map { "move \($0.id) \($0.source) to \($0.target) \($0.phase)\($0.isPaused ? " paused" : "")" }
        tell("map \(map.version): \((groups + moves).joined(separator: " "))")
    }
}
