//! A large account to measure with, and the two baselines that an audit of it is compared with.
//!
//! ```text
//! large_account generate POINTS > FILE   a snapshot with so many recovery points, the same for the same number
//! large_account read FILE                the floor: read the file with serde_json into the same types, nothing else
//! large_account naive FILE               one query over the whole document in Rego, as one would write it at first
//! ```

mod account;

use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate", points] => points.parse().map_err(|error| format!("'{points}': {error}")).and_then(generate),
        ["read", file] => read(file),
        ["naive", file] => naive(file),
        _ => Err("usage: large_account generate POINTS | read FILE | naive FILE".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn generate(points: usize) -> Result<(), String> {
    let out = std::io::stdout().lock();
    account::write(points, BufWriter::new(out)).map_err(|error| error.to_string())
}

fn read(file: &str) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let snapshot = backstop::snapshot::from_slice(&bytes, Path::new(file)).map_err(|error| error.to_string())?;
    let points: usize = snapshot.units.iter().map(|unit| unit.recovery_points.len()).sum();
    println!("{points} recovery points");
    Ok(())
}

/// What a first attempt looks like: the whole document as input, every join and comparison in Rego, one query.
const NAIVE: &str = r#"
package naive

vaults[vault.BackupVaultArn] := vault if { some unit in input.Units; some vault in unit.BackupVaults }
keys[key.Arn] := key if { some unit in input.Units; some key in unit.Keys }
makers[rule.RuleId] := rule if { some unit in input.Units; some plan in unit.BackupPlans; some rule in plan.BackupPlan.Rules }
points contains point if { some unit in input.Units; some point in unit.RecoveryPoints }

violations contains [point.RecoveryPointArn, "unencrypted"] if { some point in points; not point.IsEncrypted }
violations contains [point.RecoveryPointArn, "retention"] if { some point in points; point.Lifecycle.DeleteAfterDays < 30 }
violations contains [point.RecoveryPointArn, "rule"] if { some point in points; point.Lifecycle.DeleteAfterDays < makers[point.CreatedBy.BackupRuleId].Lifecycle.DeleteAfterDays }
violations contains [point.RecoveryPointArn, "key"] if { some point in points; point.EncryptionKeyArn != vaults[point.BackupVaultArn].EncryptionKeyArn }
violations contains [point.RecoveryPointArn, "aws key"] if { some point in points; keys[point.EncryptionKeyArn].KeyManager == "AWS" }
violations contains [point.RecoveryPointArn, "for ever"] if { some point in points; vaults[point.BackupVaultArn].Locked; not point.Lifecycle.DeleteAfterDays }
"#;

fn naive(file: &str) -> Result<(), String> {
    let mut engine = regorus::Engine::new();
    engine.add_policy("naive.rego".to_owned(), NAIVE.to_owned()).map_err(|error| error.to_string())?;
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    engine.set_input_json(&text).map_err(|error| error.to_string())?;
    let violations = engine.eval_rule("data.naive.violations".to_owned()).map_err(|error| error.to_string())?;
    println!("{} violations", violations.as_set().map(|set| set.len()).unwrap_or(0));
    Ok(())
}
