#!lua flags=allow-oom
--[[
crash: a process of slots has ended, or is about to be killed: retire its incarnations and give back what they held.
The job that is named is judged by the cause; every other job held goes back uncounted. Before a kill that docmill
decides, this is called first, and the kill follows only where the answer says that the slot still held that token.

KEYS
  worker           hash: the worker's record
ARGV
  cause            died (seen by the supervisor), limit (the hard limit), cancelled, drained, stopped
  token            of the job that was running, or empty: then the only job held is meant
  facts            for the log: signal or exit code, peak memory
  slots...         slot's name, incarnation: a pair for each
ANSWERS
  held jobs        the named job was still held, and judged; jobs: all that went back
  free jobs        no job, or not the named one, was held
MAY BE SENT AGAIN  yes: the slot's record keeps the answer that its incarnation was retired with
]]

local MOST_DEATHS = 3 -- of a slot while it ran this job: then the job is poison
local MOST_RETURNS = 10 -- of a job whose process died while it ran others too: nobody knows which of them did it

local cause, token, facts = ARGV[1], ARGV[2], ARGV[3]

local function died(doc, own)
  local deaths = tally(own.job, 'deaths')
  count(about(doc.pipeline, own.step).ended .. ':died')
  if deaths >= MOST_DEATHS then return settle_failed(doc, own, own.attempts, 'Poison: its process died ' .. deaths .. ' times') end
  settle_again(doc, own, own.attempts, 0)
end

local function judge_named(doc, own)
  note(doc.id, own.job, cause, facts)
  if cause == 'died' then return died(doc, own) end
  if cause == 'limit' then return settle_attempt(doc, own, 'HardLimit', 0) end
  settle_again(doc, own, own.attempts, 0)
end

local function give_back(held)
  local doc, own = judge(held.job, held.token)
  if not doc then return end
  note(doc.id, held.job, 'returned', 'its process ended (' .. cause .. ')')
  if cause == 'died' and tally(held.job, 'returns') > MOST_RETURNS then
    return settle_failed(doc, own, own.attempts, 'Suspect: its process died too often')
  end
  settle_again(doc, own, own.attempts, 0)
end

-- The jobs of all these slots, which hold nothing from here on; or the answer that was given before.
local function retire()
  local jobs, before = {}, nil
  for at = 4, #ARGV, 2 do
    local record = slot_key(ARGV[at])
    local v = redis.call('HMGET', record, 'incarnation', 'jobs', 'was', 'answer')
    if v[1] == ARGV[at + 1] then
      for _, held in ipairs(parse_jobs(v[2])) do jobs[#jobs + 1] = held end
      redis.call('HSET', record, 'incarnation', 'retired', 'was', v[1], 'jobs', '', 'verdicts', '')
    elseif v[3] == ARGV[at + 1] then
      before = v[4]
    end
  end
  return jobs, before
end

local function keep_answer(word, names)
  local answer = word .. ' ' .. table.concat(names, ' ')
  for at = 4, #ARGV, 2 do redis.call('HSET', slot_key(ARGV[at]), 'answer', answer) end
end

local jobs, before = retire()
if before and #jobs == 0 then
  local names = {}
  for name in string.gmatch(before, '%S+') do names[#names + 1] = name end
  return { table.remove(names, 1), names }
end

local names, word = {}, 'free'
if token == '' and #jobs == 1 then token = jobs[1].token end
for i, held in ipairs(jobs) do
  names[i] = held.job
  local doc, own = nil, nil
  if held.token == token then doc, own = judge(held.job, held.token) end
  if doc then
    word = 'held'
    judge_named(doc, own)
  else
    give_back(held)
  end
end
if #jobs > 0 then keep_answer(word, names) end
flush()
return { word, names }
