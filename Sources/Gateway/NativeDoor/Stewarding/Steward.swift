internal import Access
internal import Entrance
internal import JSON

/// Who rules.
enum Steward {
    /// Whoever proved to be somebody, where somebody is asked for that; else whom the body names.
    static func name(_ body: JSONObject, _ call: DoorCall) -> String {
        guard call.services.entrance.policy != nil else { return body["by"]?.string ?? call.request.caller.name }
        guard let user = call.grant.user, user.subject != user.client, !user.subject.isEmpty else {
            return call.grant.client
        }
        return "\(user.subject) at \(call.grant.client)"
    }
}
