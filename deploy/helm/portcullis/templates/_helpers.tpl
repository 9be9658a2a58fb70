{{- define "portcullis.labels" -}}
{app.kubernetes.io/name: portcullis-{{ . }}, app.kubernetes.io/part-of: portcullis}
{{- end }}

{{- define "portcullis.image" -}}
{{ .root.Values.image.repository }}/{{ .service }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "portcullis.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "portcullis.kafka" -}}
- configMapRef: {name: portcullis-kafka}
- secretRef: {name: {{ . }}, optional: true}
{{- end }}

{{- define "portcullis.exempt" -}}
{{ prepend .Values.exemptNamespaces .Release.Namespace | join "," | quote }}
{{- end }}

{{- define "portcullis.settings" -}}
{{- range $name, $value := . }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{- define "portcullis.hostNetwork" -}}
{{- if .Values.hostNetwork }}
hostNetwork: true
dnsPolicy: ClusterFirstWithHostNet
{{- end }}
{{- end }}

{{- define "portcullis.managementPort" -}}
{{- if not .root.Values.hostNetwork }}
ports:
  - {name: management, containerPort: {{ splitList "-" .ports | first }}}
{{- end }}
{{- end }}

{{- define "portcullis.ownProbes" -}}
startupProbe:
  exec: {command: [/portcullis/probe, live]}
  periodSeconds: 2
  failureThreshold: 150
  timeoutSeconds: 5
livenessProbe:
  exec: {command: [/portcullis/probe, live]}
  failureThreshold: 6
  timeoutSeconds: 5
readinessProbe:
  exec: {command: [/portcullis/probe, ready]}
  timeoutSeconds: 5
{{- end }}

{{- define "portcullis.probes" -}}
startupProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /q/health/live, port: management}
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /q/health/ready, port: management}
{{- end }}

{{- define "portcullis.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {app.kubernetes.io/name: portcullis-{{ . }}}
    matchLabelKeys: [pod-template-hash]
{{- end }}

{{- define "portcullis.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: portcullis-{{ .service }}
  namespace: {{ .root.Release.Namespace }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app.kubernetes.io/name: portcullis-{{ .service }}}
{{- end }}
