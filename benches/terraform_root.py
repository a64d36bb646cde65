#!/usr/bin/env python3
"""Writes a Terraform root of 300 resources in 20 modules, to measure how long it takes to evaluate and to judge.

    python3 benches/terraform_root.py DIRECTORY [MODULES]

Each module is a directory of its own with 15 resources, among them a plan with nested dynamic blocks, alarms made with for_each and
documents made with jsonencode. Nothing is random: two runs write the same files.
"""

import sys
from pathlib import Path

ROOT = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

variable "region" {
  type    = string
  default = "us-east-1"
}

variable "account_id" {
  type    = string
  default = "111122223333"
}

variable "environment" {
  type    = string
  default = "production"
}

locals {
  tags = { Environment = var.environment, ManagedBy = "terraform" }

  teams = {
%s
  }
}
"""

CALL = """
module "%(name)s" {
  source = "./modules/%(name)s"

  name        = "%(name)s-${var.environment}"
  account_id  = var.account_id
  environment = var.environment
  settings    = local.teams["%(name)s"]
%(more)s}
"""

MODULE = {
    "variables.tf": """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "name" {
  type = string
}

variable "account_id" {
  type = string
}

variable "environment" {
  type = string
}

variable "settings" {
  type = object({
    days   = number
    cold   = optional(number)
    copies = optional(list(string), [])
    tags   = optional(map(string), {})
  })
}

variable "neighbour_arn" {
  type    = string
  default = null
}

locals {
  production = var.environment == "production"
  tags       = merge(var.settings.tags, { Team = "%(name)s" })

  rules = {
    daily  = { schedule = "cron(0 5 ? * * *)", factor = 1 }
    weekly = { schedule = "cron(0 12 ? * SUN *)", factor = 4 }
  }

  metrics = {
    "jobs.failed"   = "NumberOfBackupJobsFailed"
    "jobs[expired]" = "NumberOfBackupJobsExpired"
    "copies.failed" = "NumberOfCopyJobsFailed"
  }

  destinations = compact(concat(var.settings.copies, [var.neighbour_arn]))
}
""",
    "main.tf": """resource "aws_kms_key" "this" {
  description         = "Encrypts ${var.name}"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_backup_vault" "this" {
  name        = var.name
  kms_key_arn = aws_kms_key.this.arn
  tags        = local.tags
}

resource "aws_backup_vault_lock_configuration" "this" {
  count = local.production ? 1 : 0

  backup_vault_name   = aws_backup_vault.this.name
  changeable_for_days = 3
  min_retention_days  = 1
  max_retention_days  = max([for rule in local.rules : rule.factor * var.settings.days]...)
}

resource "aws_backup_vault_policy" "this" {
  backup_vault_name = aws_backup_vault.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for action in ["DeleteBackupVault", "DeleteRecoveryPoint"] : {
      Effect    = "Deny"
      Principal = "*"
      Action    = "backup:${action}"
      Resource  = "*"
    }]
  })
}

resource "aws_backup_vault_notifications" "this" {
  backup_vault_name   = aws_backup_vault.this.name
  sns_topic_arn       = aws_sns_topic.this.arn
  backup_vault_events = [for kind in ["BACKUP", "COPY", "RESTORE"] : "${kind}_JOB_COMPLETED"]
}

resource "aws_backup_plan" "this" {
  name = var.name
  tags = local.tags

  dynamic "rule" {
    for_each = local.rules
    content {
      rule_name         = rule.key
      target_vault_name = aws_backup_vault.this.name
      schedule          = rule.value.schedule
      start_window      = 60
      completion_window = 300

      lifecycle {
        delete_after       = var.settings.days * rule.value.factor
        cold_storage_after = try(var.settings.cold, null)
      }

      dynamic "copy_action" {
        for_each = local.destinations
        content {
          destination_vault_arn = copy_action.value

          lifecycle {
            delete_after = var.settings.days * rule.value.factor
          }
        }
      }
    }
  }
}

resource "aws_backup_selection" "tables" {
  name         = "tables"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.this.arn
  resources    = ["arn:aws:dynamodb:*:*:table/*"]

  condition {
    string_equals {
      key   = "aws:ResourceTag/Team"
      value = local.tags.Team
    }
  }
}

resource "aws_dynamodb_table" "this" {
  name         = replace("${var.name}-table", "/[^a-z0-9-]/", "")
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = local.production
  }
}
""",
    "watch.tf": """resource "aws_sns_topic" "this" {
  name              = "${var.name}-backup"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_cloudwatch_metric_alarm" "jobs" {
  for_each = local.metrics

  alarm_name          = "${var.name}-${join("-", regexall("[a-z]+", each.key))}"
  namespace           = "AWS/Backup"
  metric_name         = each.value
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = "0"
  period              = "300"
  evaluation_periods  = "1"
  alarm_actions       = [aws_sns_topic.this.arn]
  dimensions          = { BackupVaultName = aws_backup_vault.this.name }
}

resource "aws_iam_role" "this" {
  name = "${var.name}-backup"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
      ]
    }
  EOT
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}

output "vault_arn" {
  value = aws_backup_vault.this.arn
}
""",
}


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    place = Path(sys.argv[1])
    names = [f"team{number:02d}" for number in range(int(sys.argv[2]) if len(sys.argv) == 3 else 20)]
    settings, calls = [], []
    for number, name in enumerate(names):
        cold = ", cold = 30" if number % 3 == 0 else ""
        copies = ', copies = ["arn:aws:backup:us-west-2:111122223333:backup-vault:far"]' if number % 4 == 0 else ""
        settings.append(f"    {name} = {{ days = {30 + number}{cold}{copies}, tags = {{ Number = {number} }} }}")
        # Modules in a chain, so that an answer may lie many calls away.
        more = f"\n  neighbour_arn = module.{names[number - 1]}.vault_arn\n" if number else ""
        calls.append(CALL % {"name": name, "more": more})
        module = place / "modules" / name
        module.mkdir(parents=True, exist_ok=True)
        for file, text in MODULE.items():
            (module / file).write_text(text.replace("%(name)s", name))
    (place / "main.tf").write_text(ROOT % "\n".join(settings) + "".join(calls))


if __name__ == "__main__":
    main()
