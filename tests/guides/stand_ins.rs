//! Programs that a guide calls and that this test does not, each with the reason. What stands in for them does what the guide needs of them.

pub struct StandIn {
    pub program: &'static str,
    /// Why the program itself is not run.
    pub because: &'static str,
    /// In bash. What it was not made for fails.
    pub script: &'static str,
}

pub const STAND_INS: [StandIn; 5] = [
    StandIn {
        program: "cargo",
        because: "it would build what is being tested once more",
        script: r#"case "$*" in
  'run --release -- '*) shift 3; exec backstop "$@" ;;
  'install --path .' | test) ;;
  *) exit 90 ;;
esac
"#,
    },
    StandIn {
        program: "man",
        because: "it is not on every machine; that there is a page to read is looked at",
        script: r#"[ "$*" = '-l -' ]
grep -q '^.TH'
"#,
    },
    StandIn {
        program: "terraform",
        because: "it would fetch a provider and ask AWS; the plan is one that it made of the same root",
        script: r#"case "$*" in
  'plan -out plan.bin') touch plan.bin ;;
  'show -json plan.bin') [ -e plan.bin ]; cat "$GUIDE_FIXTURES/terraform/prod.change.plan.json" ;;
  *) exit 90 ;;
esac
"#,
    },
    StandIn {
        program: "git",
        because: "the tests ask for Rust, bash and OpenSSL only; the branch that is asked for is a copy of this one without what this one changes",
        script: r#"[ "$1 $2 $#" = 'worktree add 4' ]
mkdir "$3"
cp -r environments modules "$3"
rm "$3/environments/prod/change.auto.tfvars"
"#,
    },
    StandIn {
        program: "aws",
        because: "no test changes an account; that there is something to hand over is looked at",
        script: r#"case "$1 $2" in
  'iam create-policy') [ "$5 ${6#file://}" = "--policy-document policy.json" ] && [ -s policy.json ] ;;
  'iam attach-role-policy') ;;
  *) exit 90 ;;
esac
"#,
    },
];
