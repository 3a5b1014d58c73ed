"""A policy to begin with: sound rules, round numbers, and everything that is the employer's own left open."""

from typing import Final

TEXT: Final = """\
title: 高级客服专家内部竞聘
post: {code: EXP2, name: 高级客服专家, track: expert}
lines: {phone: 电话客服, online: 在线客服, vip: VIP专属服务}
grades: [Ⅰ, Ⅱ, Ⅲ, Ⅳ, Ⅴ]
ratings: [D, C, B, B+, A, S]
eligibility:
  grade: {at_least: Ⅱ}
  ratings: {at_least: B+, consecutive: 3, neutral: [L]}
  incidents: {none_of: [major], within_months: 12}
  tenure: {counted_from: hired_on, months: 24}
special_channel:
  any_of:
  - {honour: 服务之星, within_months: 24}
  - {certificate: CCMP}
  relaxes: {tenure: {months: 12}}
quota: {seats: 5, by: business_line, method: sainte_lague, minimum: 1, unused: best_score}
applications:
  opens_at: '2026-10-12T09:00:00+08:00'
  closes_at: '2026-10-16T18:00:00+08:00'
  materials: [case_summary, improvement_plan]
stages:
- key: materials
  name: 材料审核
  kind: review
  opens_at: '2026-10-19T09:00:00+08:00'
  closes_at: '2026-10-21T18:00:00+08:00'
  pass_mark: 60
  panel: {reviewers: 3, quorum: 2}
  criteria:
  - {key: analysis, name: 问题分析能力, weight: 60, max: 100}
  - {key: initiative, name: 主动改进意识, weight: 40, max: 100}
- key: interview
  name: 结构化面试
  kind: review
  opens_at: '2026-10-22T09:00:00+08:00'
  closes_at: '2026-10-27T18:00:00+08:00'
  pass_mark: 60
  advance: {per_seat: 3}
  panel: {reviewers: 5, quorum: 3, drop_high: 1, drop_low: 1, trim_from: 5, trim_level: total}
  criteria:
  - {key: communication, name: 沟通表达, weight: 35, max: 10}
  - {key: adaptability, name: 应变能力, weight: 30, max: 10}
  - {key: customer_focus, name: 客户导向, weight: 35, max: 10}
- key: theory
  name: 理论强化培训
  kind: training
  opens_at: '2026-10-28T09:00:00+08:00'
  closes_at: '2026-11-06T18:00:00+08:00'
  sessions: 6
  pass_mark: 60
  attendance: {at_least: 80}
  exam:
    areas: {product: 30, communication: 20, policy: 30, systems: 20}
- key: roleplay
  name: 实战模拟
  kind: review
  opens_at: '2026-11-09T09:00:00+08:00'
  closes_at: '2026-11-11T18:00:00+08:00'
  pass_mark: 60
  panel: {reviewers: 5, quorum: 3, drop_high: 1, drop_low: 1, trim_from: 5, trim_level: total}
  criteria:
  - {key: refund, name: 退款争议处理, weight: 40, max: 10}
  - {key: outage, name: 技术故障安抚, weight: 35, max: 10}
  - {key: multitasking, name: 多任务处理, weight: 25, max: 10}
final:
  weights: {interview: 25, theory.attendance: 5, theory.exam: 30, roleplay: 40}
  pass_mark: 60
  tie_break: [roleplay, interview, tenure]
rounding: {digits: 2, mode: half_up}
notice: {working_days: 5, count_first_day: false, show_scores: false}
reminders:
- {before_hours: 24, to: [waiting]}
confirmations: 2
"""
