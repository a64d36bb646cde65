//! A request against a policy: what the Denies say, what the Allows say, and that a Deny outweighs every Allow (IAM: Policy
//! evaluation logic).

use super::pattern::{Filled, covers, meet, wildcard};
use super::policy::{Effect, Patterns, Policy, Statement};
use super::request::{Request, Target};
use super::truth::{Doubt, Truth};

/// What a set of policies makes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub allowed: Truth,
    pub denied: Truth,
}

impl Permission {
    /// Of several policies together.
    pub fn by<'a>(policies: impl IntoIterator<Item = &'a Policy>, request: &Request) -> Self {
        let (mut allowed, mut denied) = (Truth::No, Truth::No);
        for policy in policies {
            allowed = Truth::any([allowed, policy.says(Effect::Allow, request)]);
            denied = Truth::any([denied, policy.says(Effect::Deny, request)]);
        }
        Permission { allowed, denied }
    }

    pub fn granted(self) -> Truth {
        Truth::all([self.allowed, self.denied.not()])
    }
}

impl Policy {
    /// Whether some statement with this effect is about the request.
    pub fn says(&self, effect: Effect, request: &Request) -> Truth {
        Truth::any(self.statements.iter().filter(|statement| statement.effect == effect).map(|statement| statement.concerns(request)))
    }

    pub fn denies(&self, request: &Request) -> Truth {
        self.says(Effect::Deny, request)
    }

    pub fn lets(&self, request: &Request) -> Truth {
        Permission::by([self], request).granted()
    }
}

impl Statement {
    /// Whether it is about the request: who, what, with which resource, and under its conditions.
    pub fn concerns(&self, request: &Request) -> Truth {
        Truth::all([self.principals.mean(&request.caller, self.effect), self.concerns_apart_from_who(request)])
    }

    pub fn concerns_apart_from_who(&self, request: &Request) -> Truth {
        let conditions = self.conditions.iter().map(|condition| condition.holds(request, self.has_variables));
        let before = [Truth::of(self.covers(&request.action)), self.reaches(request)];
        Truth::all(before.into_iter().chain(conditions))
    }

    /// Actions are compared without regard to case.
    pub fn covers(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let any = |list: &[String]| list.iter().any(|pattern| wildcard(&pattern.to_ascii_lowercase(), &action));
        match &self.actions {
            Patterns::These(list) => any(list),
            Patterns::AllBut(list) => !any(list),
        }
    }

    fn reaches(&self, request: &Request) -> Truth {
        let any = |list: &[String]| {
            Truth::any(list.iter().map(|pattern| {
                let filled = Filled::of(pattern, request, self.has_variables);
                filled.verdict(reaches(&filled.pattern, &request.target))
            }))
        };
        match &self.resources {
            None => Truth::Yes,
            Some(Patterns::These(list)) => any(list),
            Some(Patterns::AllBut(list)) => any(list).not(),
        }
    }
}

fn reaches(pattern: &str, target: &Target) -> Truth {
    let perhaps = |what: &str| Truth::Undecided([Doubt::Resource(what.to_owned())].into());
    match target {
        _ if pattern.chars().all(|c| c == '*') => Truth::Yes,
        Target::Unsaid => perhaps(pattern),
        Target::Arn(arn) => Truth::of(wildcard(pattern, arn)),
        Target::Form(form) if covers(pattern, form) => Truth::Yes,
        Target::Form(form) if meet(pattern, form) => perhaps(pattern),
        Target::Form(_) => Truth::No,
    }
}
